"""The code that an officer gives by word of mouth: how it looks, how it is compared. Only its digest is kept."""

import hmac
import secrets

from lumbung.encryption import blind_index

# No sign that can be taken for another one when read aloud or written by hand: no 0/O/Q/D, 1/I/J/L, 2/Z, 5/S, 6/G,
# 8/B, U/V. Ten of these have 43 bits, and the digest is keyed.
SIGNS = "ACEFHKMNPRTWXY3479V"
LENGTH = 10


def new() -> str:
    """A code as it is shown to the officer: two groups of five."""
    code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return f"{code[:5]}-{code[5:]}"


def normal(typed: str) -> str:
    """What was typed, without case, blanks and dashes."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def digest(code: str, *, person_id: int) -> bytes:
    """What is kept of a code, of use for one person only."""
    return blind_index(f"{person_id}:{normal(code)}", context="recovery code")


def fits(code: str, kept: bytes, *, person_id: int) -> bool:
    """Whether this is the code of which `kept` is the digest."""
    return hmac.compare_digest(digest(code, person_id=person_id), kept)


def tried_code(code_id: int) -> bytes:
    """Under what the tries of one officer's code are counted."""
    return tried(f"code {code_id}")


def tried(what: str) -> bytes:
    """Under what tries are counted: a digest, since it names a person's number and birth date where no code is."""
    return blind_index(what, context="recovery tries")
