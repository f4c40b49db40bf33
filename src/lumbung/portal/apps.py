"""The members' pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lumbung.portal"
    label = "portal"

    def ready(self) -> None:
        from lumbung.portal.forms import speak_plainly  # noqa: PLC0415 -- needs the settings

        speak_plainly()
