"""Users of four kinds, and how they get in."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lumbung.accounts"
    label = "accounts"

    def ready(self) -> None:
        """The queue looks for tasks in each app's `actions`; these stand one folder deeper."""
        for name in ("contacts", "recovery", "telling"):
            import_module(f"{self.name}.{name}.actions")
