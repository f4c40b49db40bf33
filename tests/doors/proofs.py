"""A browser whose user has just typed the password again, without the cost of it."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from lumbung.config.doors import Door


def proof(user_key: str) -> dict[str, object]:
    """What a session holds for five minutes after this user typed the password."""
    return {
        AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "password", "at": time.time(), "reauthenticated": True}],
        _AUTHENTICATION_METHODS_USER_SESSION_KEY: user_key,
    }


def proven(client: Client, door: Door) -> Client:
    """The browser, logged in at this door, as it is for five minutes after its user proved who he is."""
    session = SessionStore(client.cookies[next(iter(door.cookie_names.values()))].value)
    session.update(proof(session[SESSION_KEY]))
    session.save()
    return client
