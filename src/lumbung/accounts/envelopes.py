"""Personal values on their way through a session or the queue: sealed, so that neither shows them."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from lumbung.encryption import decrypt, encrypt

CONTEXT = "envelope"


def seal(facts: Mapping[str, Any], *, purpose: str) -> str:
    """The facts as text that only `opened` with the same purpose can read."""
    return b64encode(encrypt(json.dumps(facts).encode(), context=f"{CONTEXT}:{purpose}")).decode()


def opened(sealed: str, *, purpose: str) -> dict[str, Any]:
    """What `seal` sealed for this purpose. Raises ImproperlyConfigured for anything else."""
    facts: dict[str, Any] = json.loads(decrypt(b64decode(sealed), context=f"{CONTEXT}:{purpose}"))
    return facts
