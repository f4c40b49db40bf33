"""The ways out for a text, one small client each."""

from typing import Protocol

from lumbung.messaging.models import OutboundText


class Refused(Exception):
    """The other side will never take this text."""


class Transport(Protocol):
    """One way out. `send` returns when the other side has the text, raises Refused when it never will take it,
    and anything else when nobody knows. `may_repeat`: sending the same reference twice reaches the phone once.
    """

    may_repeat: bool

    def send(self, text: OutboundText) -> None: ...


class Simulator:
    """The demo's phone reads the outbox itself, so there is nothing to hand over."""

    may_repeat = True

    def send(self, text: OutboundText) -> None:
        assert text.state == OutboundText.State.CLAIMED, text


# `kannel` and `http` come with the gateway, and with them the setting that chooses.
TRANSPORTS: dict[str, Transport] = {"simulator": Simulator()}
DEFAULT = "simulator"
