"""What a text asks for: a pure reading, forgiving of case, blanks, `#` and the order of the fields."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lumbung.registry.identity import MEMBER_NUMBER, NIK

INDONESIAN, ENGLISH = "id", "en"


class What(StrEnum):
    """What can be asked for by text."""

    REGISTER = "register"
    BALANCE = "balance"
    STATUS = "status"
    CONTRIBUTIONS = "contributions"
    GAPS = "gaps"
    CARD = "card"
    CLAIM = "claim"
    LOCK = "lock"
    UNLOCK = "unlock"
    HELP = "help"
    STOP = "stop"
    START = "start"


# Each word in use → what it asks for and the language it is of; STATUS is a word of both. Of several words that
# ask for the same the first is the one that we name.
WORDS: dict[str, tuple[What, str | None]] = {
    "DAFTAR": (What.REGISTER, INDONESIAN),
    "DAFTARSALDO": (What.REGISTER, INDONESIAN),
    "REG": (What.REGISTER, INDONESIAN),
    "REGISTER": (What.REGISTER, ENGLISH),
    "SALDO": (What.BALANCE, INDONESIAN),
    "BALANCE": (What.BALANCE, ENGLISH),
    "STATUS": (What.STATUS, None),
    "IURAN": (What.CONTRIBUTIONS, INDONESIAN),
    "CONTRIBUTIONS": (What.CONTRIBUTIONS, ENGLISH),
    "CONTRIBUTION": (What.CONTRIBUTIONS, ENGLISH),
    "BOLONG": (What.GAPS, INDONESIAN),
    "GAPS": (What.GAPS, ENGLISH),
    "GAP": (What.GAPS, ENGLISH),
    "KARTU": (What.CARD, INDONESIAN),
    "CARD": (What.CARD, ENGLISH),
    "KLAIM": (What.CLAIM, INDONESIAN),
    "CLAIM": (What.CLAIM, ENGLISH),
    "KUNCI": (What.LOCK, INDONESIAN),
    "LOCK": (What.LOCK, ENGLISH),
    "BUKA": (What.UNLOCK, INDONESIAN),
    "UNLOCK": (What.UNLOCK, ENGLISH),
    "BANTUAN": (What.HELP, INDONESIAN),
    "HELP": (What.HELP, ENGLISH),
    "BERHENTI": (What.STOP, INDONESIAN),
    "STOP": (What.STOP, ENGLISH),
    "MULAI": (What.START, INDONESIAN),
    "START": (What.START, ENGLISH),
}


def word(what: What, language: str) -> str:
    """The word by which this is asked for in a language."""
    return next(word for word, (meant, of) in WORDS.items() if meant is what and of in {language, None})


@dataclass(frozen=True, slots=True, repr=False)
class Ask:
    """A word and perhaps a member number. `language` is that of the word, None when it is of both."""

    what: What
    number: str | None
    language: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Register:
    """DAFTAR <member number> <birth date> <NIK>."""

    number: str
    born: date
    nik: str
    language: str | None = INDONESIAN


@dataclass(frozen=True, slots=True)
class Help:
    """BANTUAN, perhaps about one of the words."""

    topic: What | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Letters:
    """BERHENTI or MULAI: whether notices may come to this phone."""

    wanted: bool
    language: str | None


@dataclass(frozen=True, slots=True)
class Malformed:
    """A command we know, with fields that can't be right."""

    what: What
    language: str | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """No command of ours."""


Command = Ask | Register | Help | Letters | Malformed | Unknown

_WORD = re.compile(r"[A-Z]+")
# DD-MM-YYYY with any separator seen in print (facts.md 9.3, 13.12), or a dash that a phone made longer.
_DATE = re.compile(r"(?<![0-9])([0-9]{1,2})\s*[-_/.\s‐‑–—]\s*([0-9]{1,2})\s*[-_/.\s‐‑–—]\s*([0-9]{4})(?![0-9])")
_SEPARATORS = re.compile(r"[\s#<>()\[\];:,\"'“”‘’]+")


def normalise(text: str) -> str:
    """The text in capitals, one blank between its fields: two texts that ask the same are the same."""
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    return _SEPARATORS.sub(" ", visible.upper()).strip(" .")


def parse(text: str) -> Command:
    """The command in a text. Never raises: whatever a phone sends is one of the six."""
    words = normalise(text)
    found = _WORD.match(words)
    # The number may follow without a blank (SALDO123456789012), a longer word may not (SALDONYA).
    if found is None or found[0] not in WORDS or words[found.end() : found.end() + 1].isalpha():
        return Unknown()
    what, language = WORDS[found[0]]
    fields = words[found.end() :].strip()
    if what is What.REGISTER:
        return _register(fields, language)
    if what is What.HELP:
        return Help(_topic(fields), language)
    if what in {What.STOP, What.START}:
        # Who writes more means something else: BERHENTI KERJA asks what comes after work.
        is_all = not any(character.isalpha() for character in fields)
        return Letters(what is What.START, language) if is_all else Unknown()
    return _ask(what, fields, language)


def _ask(what: What, fields: str, language: str | None) -> Command:
    """The member number, perhaps written in groups, or none; words around it say nothing (SALDO SAYA)."""
    tokens = [token for token in fields.split() if any(character.isdigit() for character in token)]
    if not tokens:
        return Ask(what, None, language)
    digits = re.sub(r"[.-]", "", "".join(tokens))
    return Ask(what, digits, language) if MEMBER_NUMBER.fullmatch(digits) else Malformed(what, language)


def _topic(fields: str) -> What | None:
    found = _WORD.match(fields)
    return WORDS[found[0]][0] if found is not None and found[0] in WORDS else None


def _register(fields: str, language: str | None) -> Register | Malformed:
    """The member number, the birth date and the NIK, told apart by their shapes: the guide's order is number,
    date, NIK; the spellings printed for 2757 begin with SALDO, the NIK and perhaps a name, and may end with an
    e-mail address. A shape that occurs twice is ambiguous and refused."""
    rest = fields.removeprefix("SALDO").removeprefix("BALANCE")
    dates = _DATE.findall(rest)
    tokens = [token.strip(".-_/") for token in _DATE.sub(" ", rest).split()]
    numbers = [token for token in tokens if MEMBER_NUMBER.fullmatch(token)]
    niks = [token for token in tokens if NIK.fullmatch(token)]
    if not len(dates) == len(numbers) == len(niks) == 1:
        return Malformed(What.REGISTER, language)
    day, month, year = map(int, dates[0])
    try:
        return Register(numbers[0], date(year, month, day), niks[0], language)
    except ValueError:
        return Malformed(What.REGISTER, language)
