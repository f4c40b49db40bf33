"""The notices app: no tables, only what is queued."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lumbung.notices"
    label = "notices"
