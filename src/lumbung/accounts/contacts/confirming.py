"""The code that shows that a new contact is the user's own."""

from lumbung.accounts.confirming import Confirmation
from lumbung.accounts.contacts import actions
from lumbung.accounts.envelopes import seal


class ContactConfirmation(Confirmation):
    """Facts: `kind` (phone or email), `value` (E.164 or an address), `user_id`."""

    KEY = "contact_confirmation"

    def deliver(self, code: str) -> None:
        asked = {**self.facts, "code": code, "at": self.state["at"]}
        actions.send_code.defer(sealed=seal(asked, purpose=actions.CODE_PURPOSE))
