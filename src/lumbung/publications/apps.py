"""What the fund publishes for everybody."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "lumbung.publications"
    label = "publications"
