"""Texts and mail, in and out."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "lumbung.messaging"
    label = "messaging"

    def ready(self) -> None:
        """Read the gateways' description now, not with the first text. Raises ImproperlyConfigured."""
        from lumbung.messaging.gateways import configured  # noqa: PLC0415 -- models are ready only now

        configured.ways()
