"""Sessions as the database keeps them: sealed, so that a row shows no code, no contact and no secret."""

import json
from typing import Any

from lumbung.encryption import decrypt, encrypt

CONTEXT = "django_session.session_data"


class SealedSerializer:
    """Django's JSON for sessions, under the keys of the encrypted columns."""

    def dumps(self, session: dict[str, Any]) -> bytes:
        return encrypt(json.dumps(session, separators=(",", ":")).encode(), context=CONTEXT)

    def loads(self, stored: bytes) -> dict[str, Any]:
        """What `dumps` was given. Raises ImproperlyConfigured, which Django takes for an empty session."""
        session: dict[str, Any] = json.loads(decrypt(stored, context=CONTEXT))
        return session
