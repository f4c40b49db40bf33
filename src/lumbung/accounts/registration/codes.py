"""Codes of six digits, and what a session keeps of them: hashes, when the newest was sent, the wrong tries."""

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.crypto import salted_hmac

VALID_FOR = timedelta(minutes=10)
MOST_TRIES = 3
DIGITS = 6
# How many codes of older messages are still known as such.
OLDER_KEPT = 5
# What a session keeps, as JSON: digest, contact, sent_at (seconds), tries, older, used.
Kept = dict[str, Any]


class Verdict(StrEnum):
    """What a typed code is. Only RIGHT lets anybody go on."""

    RIGHT = "right"
    WRONG = "wrong"
    OLDER = "older"
    USED = "used"
    LATE = "late"
    SPENT = "spent"
    NONE = "none"


def fresh(kept: Mapping[str, Any], *, contact: str, now: datetime) -> tuple[str, Kept]:
    """A new code, and what to keep of it; codes sent before are from now on codes of older messages.

    `contact` is the blind index of where it goes: the code shows that this contact is one's own, and no other.
    """
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    older = [*kept.get("older", []), *([kept["digest"]] if kept.get("digest") else [])]
    return code, {
        "digest": _digest(code),
        "contact": contact,
        "sent_at": now.timestamp(),
        "tries": 0,
        "older": older[-OLDER_KEPT:],
        "used": kept.get("used", []),
    }


def judge(kept: Mapping[str, Any], typed: str, *, contact: str, now: datetime) -> tuple[Verdict, Kept]:
    """What the typed code is, and what to keep afterwards. A right code is used up by this.

    `contact` is the blind index of what is to be confirmed now, which may be another than the code went to.
    """
    if kept.get("digest") and kept["contact"] != contact:
        return Verdict.OLDER if _is_among(typed, [kept["digest"], *kept["older"]]) else Verdict.NONE, dict(kept)
    verdict = _verdict(kept, typed, now)
    if verdict is Verdict.RIGHT:
        return verdict, {"used": [*kept["used"], kept["digest"]][-OLDER_KEPT:]}
    if verdict is Verdict.WRONG:
        tries = kept["tries"] + 1
        return (Verdict.SPENT if tries >= MOST_TRIES else verdict), {**kept, "tries": tries}
    return verdict, dict(kept)


def _verdict(kept: Mapping[str, Any], typed: str, now: datetime) -> Verdict:
    if not kept.get("digest"):
        return Verdict.USED if _is_among(typed, kept.get("used", [])) else Verdict.NONE
    if kept["tries"] >= MOST_TRIES:
        return Verdict.SPENT
    if _is_among(typed, [kept["digest"]]):
        is_late = now.timestamp() - kept["sent_at"] > VALID_FOR.total_seconds()
        return Verdict.LATE if is_late else Verdict.RIGHT
    if _is_among(typed, kept["used"]):
        return Verdict.USED
    return Verdict.OLDER if _is_among(typed, kept["older"]) else Verdict.WRONG


def _digest(code: str) -> str:
    return salted_hmac("lumbung.accounts.registration.codes", code, algorithm="sha256").hexdigest()


def _is_among(typed: str, digests: list[str]) -> bool:
    typed_digest = _digest(typed)
    return sum(hmac.compare_digest(typed_digest, digest) for digest in digests) > 0
