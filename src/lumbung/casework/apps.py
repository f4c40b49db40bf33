"""What needs a person: cases that officers open with a reason and decide with a note that the member reads."""

from importlib import import_module

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "lumbung.casework"
    label = "casework"

    def ready(self) -> None:
        """What accepting a case does is said by the modules of its kind, which the queue looks for here too."""
        import_module(f"{self.name}.recovery.actions")
