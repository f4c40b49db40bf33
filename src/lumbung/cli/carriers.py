"""The carriers' links for Kannel, as an operator writes them down in TOML: read whole, with every problem."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# How the message ids of a carrier's answers and of its receipts are written, as Kannel's `msg-id-type` has it.
RECEIPT_IDS = {"decimal": "0x00", "hex-then-decimal": "0x01", "decimal-then-hex": "0x02", "hex": "0x03"}


class BadCarriers(Exception):
    """The file can't be used; `problems` are sentences, without any password."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Carrier:
    """One SMPP 3.4 link. `throughput` is in texts a second, `window` how many may wait for the carrier's answer.

    `receive_port`: where it receives on a link of its own; 0 for one link that does both. `prefixes`: whose phones
    are best reached by this carrier, in E.164. `receipt_ids`: a key of RECEIPT_IDS; empty: ids are only compared.
    """

    name: str
    host: str
    port: int
    user: str
    password: str
    throughput: float
    number: str = ""
    system_type: str = ""
    receive_port: int = 0
    tls: bool = False
    window: int = 10
    sender_ton: int = 3
    sender_npi: int = 0
    phone_ton: int = 1
    phone_npi: int = 1
    prefixes: tuple[str, ...] = ()
    receipt_ids: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    """What may stand in a field: of one type, and as the sentence says."""

    kind: type
    must: str
    fits: Callable[[Any], bool]
    is_needed: bool = False


def _like(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


def _within(least: float, most: float) -> Callable[[float], bool]:
    return lambda value: least <= value <= most


def is_plain(value: str) -> bool:
    """Whether it can stand in Kannel's file: printable ASCII, not blank at an end."""
    return value.isascii() and value.isprintable() and value == value.strip()


_TYPE = _Field(int, "a number from 0 to 6", _within(0, 6))
_PLAN = _Field(int, "a number from 0 to 18", _within(0, 18))
_FIELDS: Mapping[str, _Field] = {
    "name": _Field(str, "small letters, digits and dashes, 20 at most", _like(r"[a-z0-9][a-z0-9-]{0,19}"), True),
    "host": _Field(str, "a host's name or address", _like(r"[A-Za-z0-9.-]{1,253}"), True),
    "port": _Field(int, "a port", _within(1, 65535), True),
    "user": _Field(str, "1 to 15 plain characters", lambda user: is_plain(user) and 0 < len(user) < 16, True),
    "password": _Field(
        str, "1 to 64 plain characters", lambda given: is_plain(given) and 0 < len(given) <= 64, True
    ),
    "throughput": _Field(float, "texts a second, from 0.1 to 5000", _within(0.1, 5000), True),
    "number": _Field(str, "the fund's short number, 3 to 15 digits", _like(r"\d{3,15}")),
    "system_type": _Field(str, "12 plain characters at most", lambda given: is_plain(given) and len(given) <= 12),
    "receive_port": _Field(int, "a port", _within(1, 65535)),
    "tls": _Field(bool, "true or false", lambda given: True),
    "window": _Field(int, "a number from 1 to 1000", _within(1, 1000)),
    "sender_ton": _TYPE,
    "sender_npi": _PLAN,
    "phone_ton": _TYPE,
    "phone_npi": _PLAN,
    "prefixes": _Field(
        list,
        'a list of beginnings of numbers such as "+62811"',
        lambda given: all(isinstance(each, str) and re.fullmatch(r"\+\d{1,14}", each) for each in given),
    ),
    "receipt_ids": _Field(str, f"one of {', '.join(RECEIPT_IDS)}", lambda given: given in RECEIPT_IDS),
}  # fmt: skip


def read(text: str) -> tuple[Carrier, ...]:
    """The carriers of the file, in its order. Raises BadCarriers with every problem there is."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BadCarriers([f"This is no TOML: {wrong}."]) from None
    tables = found.pop("carrier", [])
    problems = [f"There is no setting {name}; each carrier begins with [[carrier]]." for name in found]
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise BadCarriers([*problems, "There is no carrier; each one begins with [[carrier]]."])
    for place, table in enumerate(tables, 1):
        problems += [f"Carrier {place}: {problem}" for problem in _problems(table)]
    names = [str(table.get("name")) for table in tables]
    problems += [f"Two carriers are named {name}." for name in sorted(set(names)) if names.count(name) > 1]
    if problems:
        raise BadCarriers(problems)
    return tuple(_carrier(table) for table in tables)


def _problems(table: Mapping[str, Any]) -> list[str]:
    problems = [f"there is no field {name}." for name in table if name not in _FIELDS]
    problems += [f"{name} is missing." for name, field in _FIELDS.items() if field.is_needed and name not in table]
    problems += [
        f"{name} must be {field.must}."
        for name, field in _FIELDS.items()
        if name in table and not (_is(table[name], field.kind) and field.fits(table[name]))
    ]
    if "receive_port" in table and table.get("tls"):
        problems.append("receive_port needs two links, and Kannel has TLS on one link only.")
    return problems


def _is(value: object, kind: type) -> bool:
    """A whole number is also a number; true is no number."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, kind) or (kind is float and isinstance(value, int))


def _carrier(table: Mapping[str, Any]) -> Carrier:
    return Carrier(**{**table, "prefixes": tuple(table.get("prefixes", ()))})
