"""How far a registration got, as a session keeps it: keys of rows, hashes of codes, and contacts sealed."""

import json
from base64 import b64decode, b64encode
from typing import Any

from django.http import HttpRequest

from lumbung.accounts.models import User
from lumbung.accounts.registration import queries
from lumbung.accounts.registration.ways import SEALED, Way
from lumbung.accounts.stages import SESSION_KEY
from lumbung.encryption import decrypt, encrypt
from lumbung.registry.models import Person


class Progress:
    """What the session knows: `person` once the facts were right, `user` once there is an account.

    `way` is how the member confirms, `to_file` whether the code went to a contact on file.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        self._facts: dict[str, Any] = dict(request.session.get(SESSION_KEY, {}))

    def begin(self, person_id: int) -> None:
        """The facts were right: forget whatever an earlier try left."""
        self._facts = {}
        self.keep(person=person_id)

    def keep(self, **facts: Any) -> None:
        self._facts |= facts
        self._session[SESSION_KEY] = self._facts

    def forget(self) -> None:
        self._session.pop(SESSION_KEY, None)
        self._facts = {}

    @property
    def has_begun(self) -> bool:
        return bool(self._facts)

    @property
    def person(self) -> Person | None:
        key = self._facts.get("person")
        return None if key is None else queries.person(key)

    @property
    def user(self) -> User | None:
        """The account that is being registered here, as long as it is not confirmed."""
        user = self.any_user
        return None if user is None or user.is_confirmed else user

    @property
    def any_user(self) -> User | None:
        return queries.registering(self._facts.get("user"))

    @property
    def way(self) -> Way | None:
        way = self._facts.get("way")
        return None if way is None else Way(way)

    @property
    def to_file(self) -> bool:
        return bool(self._facts.get("to_file"))

    @property
    def codes(self) -> dict[str, Any]:
        codes: dict[str, Any] = self._facts.get("codes", {})
        return codes

    @property
    def contacts(self) -> dict[str, str]:
        """Phone and e-mail as given before there is an account, which is where they are kept from then on."""
        sealed = self._facts.get("contacts")
        if sealed is None:
            return {}
        contacts: dict[str, str] = json.loads(decrypt(b64decode(sealed), context=SEALED))
        return contacts

    def keep_contacts(self, *, phone: str, email: str) -> None:
        plain = json.dumps({"phone": phone, "email": email}).encode()
        self.keep(contacts=b64encode(encrypt(plain, context=SEALED)).decode())
