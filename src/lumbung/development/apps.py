"""The yearly development result (hasil pengembangan) on old-age savings."""

from django.apps import AppConfig


class DevelopmentConfig(AppConfig):
    name = "lumbung.development"
    label = "development"
