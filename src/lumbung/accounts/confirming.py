"""A code that is on its way to somebody, kept in the session that asked for it and of use in no other."""

import hmac
import secrets
from typing import Any, ClassVar, Self

from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from django.conf import settings
from django.http import HttpRequest

from lumbung.accounts import limits
from lumbung.accounts.envelopes import opened, seal
from lumbung.encryption import blind_index

DIGITS = "0123456789"


class Confirmation(AbstractCodeVerificationProcess):  # type: ignore[misc]
    """One code of six digits: ten minutes, three tries, sent at most four times, each time another one.

    A subclass says under which key its state lies in the session, and sends. What it is about (`facts`) is sealed
    there; of the code there is a keyed digest. Whether a user is behind it is not looked up before the code was
    right, so that starting one does the same work whoever asks.
    """

    KEY: ClassVar[str]
    SECONDS = 600
    MOST_TRIES = 3
    MOST_RESENDS = 3

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        super().__init__(max_attempts=self.MOST_TRIES, timeout=self.SECONDS, state=state)
        self.request = request

    @classmethod
    def start(cls, request: HttpRequest, **facts: Any) -> Self:
        """Send a code and wait for it in this session; one that waited before is forgotten."""
        state = cls.initial_state(user=None)
        state["facts"] = seal(facts, purpose=cls.KEY)
        process = cls(request, state)
        process.send()
        return process

    @classmethod
    def resume(cls, request: HttpRequest) -> Self | None:
        """The one that waits in this session. None when there is none, or when it is too old."""
        state = request.session.get(cls.KEY)
        if not state:
            return None
        process: Self | None = cls(request, state).abort_if_invalid()
        return process

    @property
    def facts(self) -> dict[str, Any]:
        return opened(self.state["facts"], purpose=self.KEY)

    @property
    def is_confirmed(self) -> bool:
        return bool(self.state.get("confirmed"))

    @property
    def can_resend(self) -> bool:
        return not self.is_resend_quota_reached(self.MOST_RESENDS)

    def send(self) -> None:
        """A new code, which is the only one that counts from now on."""
        code = "".join(secrets.choice(DIGITS) for _ in range(settings.ALLAUTH_USER_CODE_FORMAT["length"]))
        self.state["id"] = secrets.token_urlsafe(12)
        self.state["digest"] = self._digest(code)
        self.state.update(at=self._now(), failed_attempts=0, confirmed=False)
        self.persist()
        self.deliver(code)

    def resend(self, **changed: Any) -> None:
        """Send once more, perhaps with other facts (another channel). The caller asked `can_resend`."""
        self.state["facts"] = seal({**self.facts, **changed}, purpose=self.KEY)
        self.record_resend()
        self.send()

    def deliver(self, code: str) -> None:
        """Have the queue bring the code. It does whatever depends on who is behind it."""
        raise NotImplementedError

    def is_right(self, typed: str) -> bool:
        """Whether this is the code. After the third wrong one nothing waits any more.

        Tries are counted in the cache, under a lock: the session alone could be asked by many at once.
        """
        if not limits.allows(self.request, "confirm_code", key=self.state["id"]):
            self.abort()
            return False
        digits = "".join(sign for sign in typed if sign in DIGITS)
        if hmac.compare_digest(self._digest(digits), self.state["digest"]):
            return True
        self.record_invalid_attempt()
        return False

    def confirm(self, **more: Any) -> None:
        """The code was right; what follows has its ten minutes from now, and the code is of no more use."""
        self.state.update(more, at=self._now(), confirmed=True, digest="")
        self.persist()

    def is_valid(self) -> bool:
        return bool(0 <= self._now() - self.state["at"] <= self.timeout)

    def persist(self) -> None:
        self.request.session[self.KEY] = self.state
        self.request.session.modified = True

    def abort(self) -> None:
        self.request.session.pop(self.KEY, None)

    def _digest(self, code: str) -> str:
        return blind_index(f"{self.state['id']}:{code}", context=f"code {self.KEY}").hex()

    def _now(self) -> float:
        return float(self.request.now.timestamp())  # type: ignore[attr-defined]
