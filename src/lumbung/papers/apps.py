"""The papers app."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "lumbung.papers"
    label = "papers"
