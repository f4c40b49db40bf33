"""Every field that a door takes, found in the sources, and what each of them is."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from django import forms
from pydantic import BaseModel

import lumbung

SOURCE = Path(lumbung.__file__).parent
DOORS = ("accounts", "portal", "office", "api")
# Fields that views take without a form, or that forms make for themselves.
TAKEN = re.compile(
    r'request\.POST(?:\.get\(|\[)"(\w+)"|"(\w+)" in request\.POST'
    r'|self\.fields\["(\w+)"\]|request\.GET\.get\("(\w+)"'
)
# What a field is: "row", it names a row, so it must be one's own; "who", it says who one is, and the answer is one
# and the same (test_strangers.py); "secret", it proves something; "plain", it names nobody and nothing.
FORM_FIELDS = {
    "session": "row", "number": "row", "device": "row", "credential": "row", "member_number": "row",
    "login": "who", "contact": "who", "nik": "who", "born": "who",
    "password": "secret", "code": "secret",
    "name": "plain", "username": "plain", "phone": "plain", "email": "plain", "value": "plain", "kind": "plain",
    "channel": "plain", "way": "plain", "reach": "plain", "keep_passkeys": "plain", "passwordless": "plain",
    "public_computer": "plain", "remember": "plain", "what": "plain", "right": "plain", "why": "plain",
    "reason": "plain", "decision": "plain", "note": "plain", "again": "plain", "confirm": "plain", "by": "plain",
    "employer": "plain", "state": "plain",
    "seen": "plain", "not_me": "plain", "deed": "plain", "code_seen": "plain",
    "evidence": "plain", "paper": "plain", "as": "plain", "purpose": "plain", "version": "plain",
    "withdraw": "plain", "sure": "plain",
    "is_quiet": "plain", "quiet_from": "plain", "quiet_until": "plain", "stands_in": "plain",
    "street": "plain", "rt": "plain", "rw": "plain", "village": "plain", "district": "plain", "city": "plain",
    "province": "plain", "postcode": "plain", "heir_name": "plain", "relation": "plain", "heir_born": "plain",
    "rank": "plain", "bank": "plain", "account_number": "plain", "holder": "plain", "writes": "plain",
    "title_id": "plain", "title_en": "plain", "body_id": "plain", "body_en": "plain", "purpose_id": "plain",
    "purpose_en": "plain", "published_from": "plain", "published_until": "plain", "pinned": "plain",
    "place": "plain", "content": "plain", "text_id": "plain", "text_en": "plain", "an_hour": "plain",
    "wage": "plain", "income": "plain", "opening": "plain", "rate": "plain", "years": "plain", "month": "plain",
    "since": "plain", "risk_class": "plain", "sector": "plain", "scenario": "plain",
    "language": "plain", "explain": "plain",
    "endpoint": "plain", "p256dh": "plain", "auth": "plain",
    "scopes": "plain", "year": "plain", "has_kept": "plain",
    "first": "plain", "last": "plain", "period": "plain", "text": "plain", "day": "plain", "until": "plain",
    "age": "plain", "after": "plain",
    "next": "plain", "grant_type": "plain", "page": "plain", "in": "plain",
}  # fmt: skip

ONLY_IN_THE_DEMO = ("lumbung.portal.design", "lumbung.sms.")


def known_fields(*more: type[forms.Form]) -> set[str]:
    """The names of all fields of forms, of bodies for programs, and of what views read by themselves."""
    for module in _modules():
        importlib.import_module(module)
    # Which of the demo's modules are loaded depends on the tests that ran before; they are left out either way.
    shown = [form for form in _all(forms.BaseForm) if not form.__module__.startswith(ONLY_IN_THE_DEMO)]
    found = {name for form in (*shown, *more) for name in getattr(form, "base_fields", {})}
    found |= {name for body in _all(BaseModel) if body.__name__.endswith("Asked") for name in body.model_fields}
    for door in DOORS:
        for path in sorted((SOURCE / door).rglob("*.py")):
            found |= {name for names in TAKEN.findall(path.read_text(encoding="utf-8")) for name in names if name}
    return found


def _modules() -> list[str]:
    return [
        module.name
        for door in DOORS
        for module in pkgutil.walk_packages([str(SOURCE / door)], f"lumbung.{door}.")
        if ".migrations" not in module.name
    ]


def _all(base: type) -> Iterator[type]:
    for each in base.__subclasses__():
        if each.__module__.startswith("lumbung."):
            yield each
        yield from _all(each)
