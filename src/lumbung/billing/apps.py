"""Bills: what the self-employed, projects, migrant workers and late payers are asked for."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "lumbung.billing"
    label = "billing"
