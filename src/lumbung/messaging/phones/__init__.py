"""Phones as places to send texts to: their index among texts, and what keeps texts from them."""

from lumbung.encryption import blind_index


def phone_index(phone: str) -> bytes:
    """The blind index of a phone in E.164 among texts; another one than in the registry, so that the two can't
    be joined without the key."""
    return blind_index(phone, context="text phone")
