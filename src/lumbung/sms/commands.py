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
    "UNREG": (What.STOP, INDONESIAN),
    "STOP": (What.STOP, ENGLISH),
    "MULAI": (What.START, INDONESIAN),
    "START": (What.START, ENGLISH),
}

# What people write before the word that they mean: CEK SALDO, HALO INFO IURAN.
OPENINGS = frozenset(
    {"CEK", "CHEK", "INFO", "LIHAT", "TANYA", "MINTA", "MOHON", "TOLONG", "MAU", "INGIN", "SAYA", "HALO", "HALLO"}
    | {"HAI", "CHECK", "SHOW", "MY", "PLEASE", "HELLO", "HI"}
)
OPENINGS_MOST = 3
# What changes something must be the first word: MAU BERHENTI KERJA and TANYA KUNCI ask for something else.
FIRST_ONLY = frozenset({What.LOCK, What.STOP, What.START})


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
# The month as a word, and all of it as eight digits.
_MONTH_NUMBERS = {
    "JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MEI": 5, "MAY": 5, "JUN": 6, "JUL": 7, "AGU": 8, "AGS": 8, "AUG": 8,
    "SEP": 9, "OKT": 10, "OCT": 10, "NOV": 11, "DES": 12, "DEC": 12,
}  # fmt: skip
_MONTH = rf"({'|'.join(_MONTH_NUMBERS)})[A-Z]*"
_DATE_IN_WORDS = re.compile(rf"(?<![0-9])([0-9]{{1,2}})[\s-]*{_MONTH}[\s-]*([0-9]{{4}})(?![0-9])")
_DATE_IN_DIGITS = re.compile(r"(?<!\S)([0-9]{2})([0-9]{2})([0-9]{4})(?!\S)")
# KPJ123456789012, NIK.3171010101010001
_LABEL = re.compile(r"^[A-Z]+[./-]*(?=[0-9]+$)")
_SEPARATORS = re.compile(r"[\s#*=|<>()\[\];:,\"'“”‘’]+")
_BEFORE_WORDS = re.compile(r"^[\W_]+")


def normalise(text: str) -> str:
    """The text in capitals, one blank between its fields: two texts that ask the same are the same."""
    plain = unicodedata.normalize("NFKC", text)
    visible = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    return _SEPARATORS.sub(" ", visible.upper()).strip(" .")


def parse(text: str) -> Command:
    """The command in a text. Never raises: whatever a phone sends is one of the six."""
    found = _word_and_fields(normalise(text))
    if found is None:
        return Unknown()
    (what, language), fields = found
    if what is What.REGISTER:
        return _register(fields, language)
    if what is What.HELP:
        return Help(_topic(fields), language)
    if what in {What.STOP, What.START}:
        # Who writes more means something else: BERHENTI KERJA asks what comes after work.
        is_all = not any(character.isalpha() for character in fields)
        return Letters(what is What.START, language) if is_all else Unknown()
    return _ask(what, fields, language)


def _word_and_fields(words: str) -> tuple[tuple[What, str | None], str] | None:
    """What the first word asks for that is none of OPENINGS, and what follows it; None when it is not ours."""
    for opened in range(OPENINGS_MOST + 1):
        words = _BEFORE_WORDS.sub("", words)
        found = _WORD.match(words)
        # The number may follow without a blank (SALDO123456789012), a longer word may not (SALDONYA).
        if found is None or words[found.end() : found.end() + 1].isalpha():
            return None
        fields = words[found.end() :].strip()
        if found[0] in WORDS:
            meant = WORDS[found[0]]
            return None if opened and meant[0] in FIRST_ONLY else (meant, fields)
        if found[0] not in OPENINGS:
            return None
        words = fields
    return None


def _ask(what: What, fields: str, language: str | None) -> Command:
    """The member number, perhaps written in groups, or none; words around it say nothing (SALDO SAYA), nor do
    other digits, if only one group of them can be a member number (SALDO 123456789012 BULAN 10)."""
    if not any(character.isdigit() for character in fields):
        return Ask(what, None, language)
    groups = re.findall(r"[0-9]+", fields)
    together = "".join(groups)
    likely = {group for group in groups if MEMBER_NUMBER.fullmatch(group)}
    if MEMBER_NUMBER.fullmatch(together):
        return Ask(what, together, language)
    return Ask(what, likely.pop(), language) if len(likely) == 1 else Malformed(what, language)


def _topic(fields: str) -> What | None:
    found = _WORD.match(fields)
    return WORDS[found[0]][0] if found is not None and found[0] in WORDS else None


def _register(fields: str, language: str | None) -> Register | Malformed:
    """The member number, the birth date and the NIK, told apart by their shapes: the guide's order is number,
    date, NIK; the spellings printed for 2757 begin with SALDO, the NIK and perhaps a name, and may end with an
    e-mail address. A shape that occurs twice is ambiguous and refused."""
    rest = fields.removeprefix("SALDO").removeprefix("BALANCE")
    dates, rest = _dates(rest)
    tokens = [_LABEL.sub("", token.strip(".-_/")) for token in rest.split()]
    numbers = [token for token in tokens if MEMBER_NUMBER.fullmatch(token)]
    niks = [token for token in tokens if NIK.fullmatch(token)]
    if not len(dates) == len(numbers) == len(niks) == 1:
        return Malformed(What.REGISTER, language)
    day, month, year = dates[0]
    try:
        return Register(numbers[0], date(year, month, day), niks[0], language)
    except ValueError:
        return Malformed(What.REGISTER, language)


def _dates(fields: str) -> tuple[list[tuple[int, int, int]], str]:
    """Every day, month and year that is written there in one of the ways, and the fields without them."""
    found = []
    for spelling in (_DATE, _DATE_IN_WORDS, _DATE_IN_DIGITS):
        for day, month, year in spelling.findall(fields):
            found.append((int(day), _MONTH_NUMBERS.get(month) or int(month), int(year)))
        fields = spelling.sub(" ", fields)
    return found, fields
