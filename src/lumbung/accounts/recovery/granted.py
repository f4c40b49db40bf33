"""What a session may do in which an officer's code was typed: set contacts and a password, for half an hour."""

from typing import Any, Self

from django.http import HttpRequest

from lumbung.accounts.contacts.confirming import ContactConfirmation
from lumbung.accounts.contacts.queries import EMAIL, PHONE
from lumbung.accounts.envelopes import opened, seal
from lumbung.accounts.models import RecoveryCode, User
from lumbung.accounts.recovery import queries
from lumbung.accounts.recovery.actions import STEPS_TAKE


class RecoveryContact(ContactConfirmation):
    """The code that shows that a contact is in the hands of who came in with an officer's code."""

    KEY = "recovery_contact"


class Grant:
    """The officer's code that was typed, and the contacts that were confirmed since."""

    KEY = "recovery_grant"

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request, self.state = request, state

    @classmethod
    def start(cls, request: HttpRequest, code: RecoveryCode) -> Self:
        """The session gets another key, since it may do more from now on."""
        request.session.cycle_key()
        grant = cls(request, {"code_id": code.pk, "at": _seconds(request), "contacts": seal({}, purpose=cls.KEY)})
        grant._keep()
        return grant

    @classmethod
    def resume(cls, request: HttpRequest) -> Self | None:
        """What this session may do. None when it may not, or no longer."""
        state = request.session.get(cls.KEY)
        if not state or not 0 <= _seconds(request) - state["at"] <= STEPS_TAKE.total_seconds():
            return None
        return cls(request, state)

    @property
    def code_id(self) -> int:
        return int(self.state["code_id"])

    @property
    def user(self) -> User | None:
        """Whose account it is, while there is one and the code was neither used nor taken back."""
        code = queries.recovery_code(self.code_id)
        return None if code.used_at or code.withdrawn_at else queries.account_of(code.person)

    @property
    def contacts(self) -> dict[str, str]:
        """Kind → contact, those that were confirmed."""
        return opened(self.state["contacts"], purpose=self.KEY)

    @property
    def missing(self) -> str | None:
        """The kind of contact that could still be added; None when both are there."""
        return next((kind for kind in (PHONE, EMAIL) if kind not in self.contacts), None)

    def take(self, kind: str, value: str) -> None:
        """Remember a contact that was confirmed."""
        self.state["contacts"] = seal({**self.contacts, kind: value}, purpose=self.KEY)
        self._keep()

    def forget_contacts(self) -> None:
        """One of them can't be had: ask for all again."""
        self.state["contacts"] = seal({}, purpose=self.KEY)
        self._keep()

    def end(self) -> None:
        self.request.session.pop(self.KEY, None)
        self.request.session.pop(RecoveryContact.KEY, None)

    def _keep(self) -> None:
        self.request.session[self.KEY] = self.state
        self.request.session.modified = True


def _seconds(request: HttpRequest) -> float:
    return float(request.now.timestamp())  # type: ignore[attr-defined]
