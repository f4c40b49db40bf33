"""Who is insured and who employs them."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "lumbung.registry"
    label = "registry"
