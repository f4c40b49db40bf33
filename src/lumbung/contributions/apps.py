"""Employers' returns and the contributions that follow from them."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "lumbung.contributions"
    label = "contributions"
