"""Users of four kinds, and how they get in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lumbung.accounts"
    label = "accounts"
