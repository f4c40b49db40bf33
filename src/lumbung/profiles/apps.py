"""What a member keeps with the fund about himself, beside what the registry was told by employers."""

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "lumbung.profiles"
    label = "profiles"
