"""Hand texts over by HTTP, one and wait for it or many side by side, as an account there asks and judges."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from lumbung.messaging.gateways.calling import Answer, Asked, Caller, Request
from lumbung.messaging.models import OutboundText

# Is told how it went with a text: what `send` would have raised, or None.
Heard = Callable[[OutboundText, Exception | None], None]


class Account(Protocol):
    """A user of somebody's gateway."""

    def request(self, text: OutboundText) -> Request:
        """What the gateway is asked, so that it sends the text."""

    def judge(self, answer: Answer) -> None:
        """Returns when the gateway has the text. Raises Refused or NotTaken, and else when nobody knows."""


@dataclass(frozen=True, slots=True)
class ByHttp:
    """An account, and the connections to where it is."""

    caller: Caller
    account: Account

    def send(self, text: OutboundText) -> None:
        """Returns when the gateway has it; raises as `channels.Way` says."""
        self.account.judge(self.caller.call(self.account.request(text)))

    def send_each(self, texts: Iterable[OutboundText], heard: Heard) -> None:
        """Send one after another as connections come free. Returns at once; texts are taken, and `heard`, from
        another thread."""
        self.caller.call_each(self._asked(texts, heard))

    def _asked(self, texts: Iterable[OutboundText], heard: Heard) -> Iterator[Asked]:
        for text in texts:
            try:
                request = self.account.request(text)
            except Exception as failure:  # noqa: BLE001  (whatever it is, what stands behind is sent)
                heard(text, failure)
            else:
                yield request, partial(self._judged, text, heard)

    def _judged(self, text: OutboundText, heard: Heard, said: Answer | Exception) -> None:
        if isinstance(said, Exception):
            heard(text, said)
            return
        try:
            self.account.judge(said)
        except Exception as failure:  # noqa: BLE001
            heard(text, failure)
        else:
            heard(text, None)
