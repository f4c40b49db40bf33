"""Announcements by SMS."""

from django.apps import AppConfig


class BroadcastsConfig(AppConfig):
    name = "lumbung.broadcasts"
    label = "broadcasts"
