"""The officers' back office."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "lumbung.office"
    label = "office"
