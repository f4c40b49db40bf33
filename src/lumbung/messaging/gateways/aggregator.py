"""An aggregator's HTTP interface, described by the operator: where to, what is said, and what its answers mean."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from lumbung.messaging.gateways.brought import Brought, Proof, data_of, found_at, worded
from lumbung.messaging.gateways.calling import Answer, Request, Unanswered
from lumbung.messaging.models import OutboundText
from lumbung.messaging.transports import NotTaken, Refused

PLACE = re.compile(r"\{(to|digits|text|from|reference)\}")
NOT_NOW = {401, 403, 407, 408, 425, 429, 503}


@dataclass(frozen=True, slots=True)
class Rule:
    """Which answers are meant: of these statuses and, if there is a field (`a.b` in JSON), of these values."""

    statuses: frozenset[int]
    field: str = ""
    values: frozenset[str] = frozenset()

    def fits(self, answer: Answer) -> bool:
        if answer.status not in self.statuses:
            return False
        try:
            return not self.field or worded(found_at(data_of(answer.body), self.field)) in self.values
        except LookupError:
            return False


@dataclass(frozen=True, slots=True, repr=False)
class Receipts:
    """How its delivery reports are written: the names, or paths in JSON, of our reference and of the state (`*` in
    them stands for each one of a list), and what each word for a state means as a status of Kannel."""

    proof: Proof
    reference: str
    state: str
    statuses: Mapping[str, int]

    def places(self, brought: Brought) -> Sequence[int]:
        """The places of its reports."""
        return brought.places(self.reference)

    def read(self, brought: Brought, place: int) -> tuple[UUID, str]:
        """Our reference and the word of the report at the place. Raises ValueError."""
        reference, state = (brought.value(path, place) or "" for path in (self.reference, self.state))
        return UUID(reference), state


@dataclass(frozen=True, slots=True)
class Aggregator:
    """One account there. In `headers`, `form` and `data` (JSON) what stands in braces is filled in."""

    method: str
    sender: str
    headers: Mapping[str, str]
    form: Mapping[str, str] | None
    data: Any
    taken: Rule
    refused: Rule

    def request(self, text: OutboundText) -> Request:
        """What it is asked, so that it sends the text."""
        facts = {
            "to": text.to,
            "digits": text.to.lstrip("+"),
            "text": text.body or "",
            "from": self.sender,
            "reference": str(text.reference),
        }
        headers = {name: _filled(value, facts) for name, value in self.headers.items()}
        if self.form is not None:
            body = urlencode({name: _filled(value, facts) for name, value in self.form.items()})
            headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        else:
            body = json.dumps(_filled(self.data, facts))
            headers = {"Content-Type": "application/json", **headers}
        return Request(self.method, headers, body.encode())

    def judge(self, answer: Answer) -> None:
        """Returns when the answer says that it has it. Raises Refused or NotTaken as the answer says."""
        if self.refused.fits(answer):
            raise Refused
        if self.taken.fits(answer):
            return
        if answer.status in NOT_NOW or 300 <= answer.status < 400:
            raise NotTaken
        raise Unanswered


def _filled(template: Any, facts: Mapping[str, str]) -> Any:
    """The template with every text of it filled in, however deep it stands."""
    if isinstance(template, str):
        return PLACE.sub(lambda place: facts[place[1]], template)
    if isinstance(template, Mapping):
        return {name: _filled(value, facts) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, facts) for value in template]
    return template
