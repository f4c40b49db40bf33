"""What a text asks for: a pure reading, forgiving of case, blanks, `#` and the order of the fields."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lumbung.registry.identity import MEMBER_NUMBER, NIK


@dataclass(frozen=True, slots=True, repr=False)
class Balance:
    """SALDO <member number>."""

    number: str


@dataclass(frozen=True, slots=True, repr=False)
class Register:
    """DAFTAR <member number> <birth date> <NIK>."""

    number: str
    born: date
    nik: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """A command we know, with fields that can't be right."""

    word: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No command of ours."""


Command = Balance | Register | Malformed | Unknown

# DD-MM-YYYY with any separator seen in print (facts.md 9.3, 13.12), or a dash that a phone made longer.
_DATE = re.compile(r"(?<![0-9])([0-9]{1,2})\s*[-_/.\s‐‑–—]\s*([0-9]{1,2})\s*[-_/.\s‐‑–—]\s*([0-9]{4})(?![0-9])")
_SEPARATORS = re.compile(r"[\s#<>()\[\];:,\"'“”‘’]+")


def normalise(text: str) -> str:
    """The text in capitals, one blank between its fields: two texts that ask the same are the same."""
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    return _SEPARATORS.sub(" ", visible.upper()).strip(" .")


def parse(text: str) -> Command:
    """The command in a text. Never raises: whatever a phone sends is one of the four."""
    words = normalise(text)
    for word, read in COMMANDS.items():
        # The number may follow without a blank (SALDO123456789012), a longer word may not (SALDONYA).
        if words.startswith(word) and not words[len(word) : len(word) + 1].isalpha():
            return read(words[len(word) :].strip()) or Malformed(word)
    return Unknown()


def _balance(fields: str) -> Balance | None:
    """The member number, perhaps written in groups."""
    number = re.sub(r"[\s.-]", "", fields)
    return Balance(number) if MEMBER_NUMBER.fullmatch(number) else None


def _register(fields: str) -> Register | None:
    """The member number, the birth date and the NIK, told apart by their shapes: the guide's order is number,
    date, NIK; the spellings printed for 2757 begin with SALDO, the NIK and perhaps a name, and may end with an
    e-mail address. A shape that occurs twice is ambiguous and refused."""
    rest = fields.removeprefix("SALDO")
    dates = _DATE.findall(rest)
    tokens = [token.strip(".-_/") for token in _DATE.sub(" ", rest).split()]
    numbers = [token for token in tokens if MEMBER_NUMBER.fullmatch(token)]
    niks = [token for token in tokens if NIK.fullmatch(token)]
    if not len(dates) == len(numbers) == len(niks) == 1:
        return None
    day, month, year = map(int, dates[0])
    try:
        return Register(numbers[0], date(year, month, day), niks[0])
    except ValueError:
        return None


COMMANDS: dict[str, Callable[[str], Command | None]] = {"SALDO": _balance, "DAFTAR": _register}
