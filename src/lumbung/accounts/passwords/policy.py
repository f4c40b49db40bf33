"""What makes a password too weak, with every reason. Pure: whom it is for comes in as words and numbers."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from lumbung.errors import marked

# NIST SP 800-63B-4: 15 characters where the password is the only factor, 8 where there is always a second one.
LEAST = 15
LEAST_WITH_FACTOR = 8
MOST = 128
# Nothing longer than this is even looked at: putting a text into one form (NFKC) can take time by its square.
MOST_READ = 1024
# A shorter word is part of too many others, so it counts only where it stands alone.
SHORTEST_PART = 4
SHORTEST_WORD = 3
DIGITS_IN_A_ROW = 6
FEW_CHARACTERS = 3
LONGEST_UNIT = 5
# Words inside names that say nothing of a person.
NO_NAMES = {"bin", "binti", "haji"}
FUND_WORDS = ("lumbung", "jamsostek", "bpjs", "ketenagakerjaan")
MONTHS = (
    ("01", "1", "januari", "january", "jan"),
    ("02", "2", "februari", "february", "feb", "pebruari"),
    ("03", "3", "maret", "march", "mar"),
    ("04", "4", "april", "apr"),
    ("05", "5", "mei", "may"),
    ("06", "6", "juni", "june", "jun"),
    ("07", "7", "juli", "july", "jul"),
    ("08", "8", "agustus", "august", "agu", "agt", "aug"),
    ("09", "9", "september", "sept", "sep"),
    ("10", "10", "oktober", "october", "okt", "oct"),
    ("11", "11", "november", "nopember", "nov", "nop"),
    ("12", "12", "desember", "december", "des", "dec"),
)
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
)
# What digits and signs are put for; a 1 is an l to some and an i to others.
LOOK_ALIKES = tuple(str.maketrans("013457@$!", f"o{one}eastasi") for one in "li")

SENTENCES = {
    "password_too_short": marked("It has %(length)s characters. Use at least %(least)s."),
    "password_too_long": marked("It has more than %(most)s characters. Make it shorter."),
    "password_too_common": marked("Many people use it or one like it, so it is tried first. Choose another."),
    "password_breached": marked("It is on a list of stolen passwords, so it is tried first. Choose another."),
    "password_pattern": marked("It repeats a few characters or runs along the keyboard. Choose another."),
    "password_has_name": marked("Your name is in it. Leave it out: whoever knows you tries it first."),
    "password_has_birth_date": marked("Your birth date is in it. Leave it out: whoever knows you tries it first."),
    "password_has_username": marked("Your user name is in it. Leave it out."),
    "password_has_email": marked("Your e-mail address is in it. Leave it out."),
    "password_has_phone": marked("Digits of your phone number are in it. Leave them out."),
    "password_has_number": marked("Digits of your KTP or member number are in it. Leave them out."),
    "password_has_firm": marked("The name of your firm is in it. Leave it out."),
    "password_has_fund": marked("The name of this service or of the fund is in it. Leave it out."),
}


@dataclass(frozen=True, slots=True)
class Personal:
    """What whoever knows the person would try. Never logged, so never in a repr."""

    names: tuple[str, ...] = field(default=(), repr=False)
    birth_date: date | None = field(default=None, repr=False)
    usernames: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    firms: tuple[str, ...] = field(default=(), repr=False)
    fund: tuple[str, ...] = FUND_WORDS


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a password is refused: a key of SENTENCES and the numbers in its sentence."""

    code: str
    facts: dict[str, int]


def normal(password: str) -> str:
    """The one form in which a password is counted and kept: keyboards write a letter in several ways."""
    return password if len(password) > MOST_READ else unicodedata.normalize("NFKC", password)


def reasons(
    password: str,
    *,
    least: int,
    personal: Personal,
    is_common: Callable[[str], bool],
    is_breached: Callable[[str], bool],
) -> list[Reason]:
    """All that is wrong with a password, in the order in which it is told; empty when it is good."""
    if len(password) > MOST_READ:
        return [Reason("password_too_long", {"most": MOST})]
    text = normal(password)
    found = []
    if len(text) < least:
        found.append(Reason("password_too_short", {"length": len(text), "least": least}))
    if len(text) > MOST:
        found.append(Reason("password_too_long", {"most": MOST}))
    if is_breached(text):
        found.append(Reason("password_breached", {}))
    if any(is_common(each) for each in _cores(text)):
        found.append(Reason("password_too_common", {}))
    if _is_pattern(squeezed(text)):
        found.append(Reason("password_pattern", {}))
    return found + [Reason(code, {}) for code, has in _PERSONAL if has(text, personal)]


def squeezed(text: str) -> str:
    """Letters and digits alone, small and without accents: what is left of the ways to disguise a word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _forms(text: str) -> set[str]:
    """The squeezed text as it is, and with digits and signs read as the letters they look like."""
    return {squeezed(text), *(squeezed(text.casefold().translate(letters)) for letters in LOOK_ALIKES)}


def _cores(text: str) -> Iterator[str]:
    """What a password is without the digits and signs that are put around a word."""
    plain = text.casefold()
    yield plain
    around = r"[\W\d_]"
    for cut in ("", r"\d+$", r"^\d+", r"^\d+|\d+$", f"{around}+$", f"^{around}+|{around}+$"):
        for form in _forms(re.sub(cut, "", plain) if cut else plain):
            if len(form) >= SHORTEST_PART:
                yield form
                yield _unit(form)


def _unit(text: str) -> str:
    """The piece of which the text is repetitions: the text itself when it repeats nothing."""
    at = (text + text).find(text, 1)
    return text[:at] if text and len(text) % at == 0 else text


def _is_pattern(text: str) -> bool:
    if not text:
        return False
    if len(set(text)) <= FEW_CHARACTERS or _repeats(text):
        return True
    return any(text in row * (len(text) // len(row) + 2) for base in ROWS for row in (base, base[::-1]))


def _repeats(text: str) -> bool:
    """Whether the text is a short piece over and over, perhaps broken off in the middle."""
    for size in range(1, LONGEST_UNIT + 1):
        if len(text) > 2 * size and text == (text[:size] * (len(text) // size + 1))[: len(text)]:
            return True
    return False


def _holds_word(text: str, word: str) -> bool:
    """Whether a word is in the text, disguised or not; a short one only where it stands alone."""
    wanted = squeezed(word)
    if len(wanted) >= SHORTEST_PART:
        return any(wanted in form for form in _forms(text))
    alone = re.split(r"[\W\d_]+", text.casefold())
    return len(wanted) >= SHORTEST_WORD and wanted in (squeezed(each) for each in alone)


def _holds_digits(text: str, number: str) -> bool:
    """Whether as many digits of the number follow each other in the text as nobody writes by chance."""
    digits = "".join(letter for letter in number if letter.isascii() and letter.isdigit())
    written = squeezed(text)
    pieces = (digits[at : at + DIGITS_IN_A_ROW] for at in range(len(digits) - DIGITS_IN_A_ROW + 1))
    return any(piece in written for piece in pieces)


@lru_cache(maxsize=256)
def spellings(day: date) -> frozenset[str]:
    """The ways to write a date without blanks and signs: 17081990, 900817, 17agustus1990 …"""
    days = (f"{day.day:02}", str(day.day))
    years = (f"{day.year:04}", f"{day.year % 100:02}")
    found = {
        "".join(order)
        for d in days
        for m in MONTHS[day.month - 1]
        for y in years
        for order in ((d, m, y), (y, m, d), (m, d, y))
    }
    return frozenset(each for each in found if len(each) >= DIGITS_IN_A_ROW)


def _has_name(text: str, personal: Personal) -> bool:
    words = (word for name in personal.names for word in re.split(r"[\W\d_]+", name))
    return any(_holds_word(text, word) for word in words if word.casefold() not in NO_NAMES)


def _has_birth_date(text: str, personal: Personal) -> bool:
    written = squeezed(text)
    return personal.birth_date is not None and any(each in written for each in spellings(personal.birth_date))


def _has_any_word(text: str, words: Iterable[str]) -> bool:
    return any(_holds_word(text, word) for word in words)


def _firm(name: str) -> str:
    """A firm's name as a whole, since its words (padi, tenun, jaya) are everybody's."""
    return re.sub(r"^(pt|cv|ud|fa|pd)\b\W*", "", name.casefold())


def _has_phone(text: str, personal: Personal) -> bool:
    return any(_holds_digits(text, re.sub(r"^(\+?62|0)", "", phone)) for phone in personal.phones)


_PERSONAL: tuple[tuple[str, Callable[[str, Personal], bool]], ...] = (
    ("password_has_name", _has_name),
    ("password_has_birth_date", _has_birth_date),
    ("password_has_username", lambda text, person: _has_any_word(text, person.usernames)),
    ("password_has_email", lambda text, person: _has_any_word(text, (e.split("@")[0] for e in person.emails))),
    ("password_has_phone", _has_phone),
    ("password_has_number", lambda text, person: any(_holds_digits(text, each) for each in person.numbers)),
    ("password_has_firm", lambda text, person: _has_any_word(text, map(_firm, person.firms))),
    ("password_has_fund", lambda text, person: _has_any_word(text, person.fund)),
)
