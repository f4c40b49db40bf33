"""What needs a person: cases that officers open with a reason and decide with a note that the member reads."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "lumbung.casework"
    label = "casework"
