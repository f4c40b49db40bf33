"""What a way out may say of a thing that it was given, and the way out of the demo."""

from lumbung.messaging.models import Outbound


class Refused(Exception):
    """The other side will never take it; `reason` is a word for the row."""

    reason = "refused"


class NotTaken(Exception):
    """The other side has certainly not taken it this time: it is tried again, perhaps another way."""


class Later(NotTaken):
    """So it is with this one alone, as with a mailbox that is full for now: the way out works."""


class Simulator:
    """The demo's phone and mailbox read the outbox themselves, so there is nothing to hand over."""

    may_repeat = True

    def send(self, row: Outbound) -> None:
        assert row.state == Outbound.State.CLAIMED, row


SIMULATOR = Simulator()
