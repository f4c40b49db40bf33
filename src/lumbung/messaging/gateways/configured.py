"""The gateways that this deployment has, the one to prefer first."""

from collections.abc import Sequence

from lumbung.messaging.outbox.channels import Way
from lumbung.messaging.transports import SIMULATOR


def ways() -> Sequence[Way]:
    """The gateways of LUMBUNG_GATEWAYS; without it texts go to the demo's phone only."""
    return (Way("simulator", SIMULATOR.send, SIMULATOR.may_repeat, breaks=False),)
