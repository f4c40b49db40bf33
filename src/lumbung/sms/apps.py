"""Understands texts."""

from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "lumbung.sms"
    label = "sms"
