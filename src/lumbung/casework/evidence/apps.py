"""Evidence of cases: an app of its own, so that disputes and claims can use it too."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "lumbung.casework.evidence"
    label = "evidence"
