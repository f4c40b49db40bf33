"""The code that lets somebody set a forgotten password anew."""

from lumbung.accounts.confirming import Confirmation
from lumbung.accounts.envelopes import seal
from lumbung.accounts.models import User
from lumbung.accounts.recovery import actions, queries


class PasswordReset(Confirmation):
    """Facts: `login` (what was typed to be known by), `channel` (phone or email), `door` (the kind of user).

    allauth's own reset knows e-mail only, and does more when there is such a user than when there is none.
    """

    KEY = "password_reset"

    @property
    def user(self) -> User | None:
        """Who it is for: looked for only now that the code was right."""
        facts = self.facts
        return queries.user_known_as(facts["login"], kind=facts["door"])

    def deliver(self, code: str) -> None:
        asked = {**self.facts, "code": code, "at": self.state["at"]}
        actions.send_reset_code.defer(sealed=seal(asked, purpose=actions.RESET_PURPOSE))

    def accept(self, typed: str) -> bool:
        """Whether the code was right and meant for somebody. It is of no more use once the password is another."""
        if not self.is_right(typed):
            return False
        user = self.user
        if user is None:  # a code that was sent to nobody, guessed
            self.record_invalid_attempt()
            return False
        self.confirm(stamp=user.get_session_auth_hash())
        return True

    def confirmed_user(self) -> User | None:
        """Who may set a password now; None when it was set, or the contact changed hands, since the code came."""
        user = self.user if self.is_confirmed else None
        return user if user is not None and user.get_session_auth_hash() == self.state["stamp"] else None
