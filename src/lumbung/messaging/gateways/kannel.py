"""Kannel's `sendsms` by POST, so that neither number nor words stand in any address (channels.md 1.4)."""

import math
from dataclasses import dataclass
from datetime import timedelta

from lumbung.messaging.gateways.calling import Answer, Request, Unanswered
from lumbung.messaging.gsm import septets
from lumbung.messaging.lanes import Lane
from lumbung.messaging.models import OutboundText
from lumbung.messaging.transports import NotTaken, Refused

# Receipts for what is final: arrived (1), did not arrive (2), refused by the network (16).
FINAL = 1 + 2 + 16
GSM, UCS2 = "0", "2"
PRIORITY = {Lane.CODE: "3", Lane.ANSWER: "2", Lane.NOTICE: "1", Lane.BROADCAST: "0"}


@dataclass(frozen=True, slots=True)
class Kannel:
    """One `sendsms-user` of a smsbox. `receipts` is the address of our own door for them, "" to ask for none."""

    username: str
    password: str
    sender: str
    smsc: str
    receipts: str

    def request(self, text: OutboundText) -> Request:
        """What Kannel is asked, so that it sends the text."""
        body = text.body or ""
        return Request("POST", self._headers(text, body), body.encode())

    def judge(self, answer: Answer) -> None:
        """Returns when Kannel has it, for now or for later (202). Raises Refused when it never takes it."""
        if answer.status == 202:
            return
        if answer.status == 400:
            raise Refused
        if answer.status in {401, 403, 404, 429, 503}:
            raise NotTaken  # it says no to us, not to the text: another gateway may take it
        raise Unanswered

    def _headers(self, text: OutboundText, body: str) -> dict[str, str]:
        assert text.claimed_at is not None, text
        worth: timedelta = text.expires_at - text.claimed_at
        headers = {
            "Content-Type": 'text/plain; charset="UTF-8"',
            "X-Kannel-Username": self.username,
            "X-Kannel-Password": self.password,
            "X-Kannel-To": text.to,
            "X-Kannel-From": self.sender,
            "X-Kannel-SMSC": self.smsc,
            "X-Kannel-Coding": GSM if septets(body) is not None else UCS2,
            "X-Kannel-Validity": str(max(1, math.ceil(worth / timedelta(minutes=1)))),
            "X-Kannel-Priority": PRIORITY[Lane(text.lane)],
        }
        if self.receipts:
            headers["X-Kannel-DLR-Mask"] = str(FINAL)
            headers["X-Kannel-DLR-Url"] = f"{self.receipts}?ref={text.reference}&st=%d&by=%i"
        return {name: value for name, value in headers.items() if value}
