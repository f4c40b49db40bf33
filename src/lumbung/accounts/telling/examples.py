"""Every notice as its reader gets it, with invented facts, for whoever looks the words over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext, override

from lumbung.accounts.contacts import letters
from lumbung.accounts.inbox import words as inbox
from lumbung.accounts.telling import actions, facts, words
from lumbung.accounts.telling.kinds import FIXED, KINDS, Channel, Kind
from lumbung.messaging import gsm

LANGUAGES = ("id", "en")
AT, UNTIL = datetime(2026, 3, 2, 2, 15, tzinfo=UTC), datetime(2026, 3, 5, 2, 15, tzinfo=UTC)
ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile"
FACTS: Mapping[str, facts.Fact] = {
    "employer": "PT Contoh Sejahtera",
    "month": date(2026, 2, 1),
    "due": date(2026, 3, 15),
    "wage": 4_850_000,
    "usual": 5_200_000,
    "amount": 498_000,
    "year": "2025",
    "rate": "5.60",
    "number": "10000000001",
    "note": "Nama Anda sudah kami perbaiki.",
    "headline_id": "Jam buka kantor",
    "headline_en": "When the office is open",
    "at": AT,
    "until": UNTIL,
    "device": ANDROID,
    "new": "********0101",
}
# What somebody asked for and gets by one way: no notice.
ASKED_FOR = frozenset({"reset_code", "contact_code", "username", "contact_taken"})


@dataclass(frozen=True, slots=True)
class Example:
    """One version of a notice in one language; what does not go out by a way is empty.

    `septets` is the size of the SMS, None when its letters are in no alphabet of texts.
    """

    version: int
    language: str
    title: str
    text: str
    sms: str
    septets: int | None
    subject: str
    body: str


def all_words() -> list[tuple[Kind, list[str]]]:
    """Every kind with its words."""
    chosen = {code: [name for name, word in words.WORDS.items() if word.kind == code] for code in KINDS}
    fixed = set(letters.WORDS) - ASKED_FOR
    for kind in FIXED:
        chosen[kind.code] = sorted(fixed & kind.letters if kind.letters else fixed - _lettered())
    return [(KINDS[code], named) for code, named in chosen.items()]


def _lettered() -> set[str]:
    return {name for kind in FIXED for name in kind.letters}


def is_known(word: str) -> bool:
    """Whether there is such a notice."""
    return any(word in named for _, named in all_words())


def title(word: str) -> str:
    """What it is called now, in the active language."""
    said = inbox.of(word, inbox.newest(word)) if word not in words.WORDS else words.of(word, words.newest(word))
    return gettext(said.title).format(**facts.said(facts.kept(FACTS)))


def examples(word: str) -> Sequence[Example]:
    """All versions in all languages, the newest version first."""
    if word in words.WORDS:
        versions = range(words.newest(word), 0, -1)
        return [_notice(word, version, language) for version in versions for language in LANGUAGES]
    return [_letter(word, language) for language in LANGUAGES]


def _notice(word: str, version: int, language: str) -> Example:
    kind, said, kept = KINDS[words.WORDS[word].kind], words.of(word, version), facts.kept(FACTS)
    subject, body = actions.mail(said, kept, language)
    sms = actions.text(said, kept, language) if Channel.SMS in kind.brought else ""
    with override(language):
        told = facts.said(kept)
        text = gettext(said.text).format(**told)
    return Example(version, language, subject, text, sms, gsm.septets(sms), subject, body)


def _letter(word: str, language: str) -> Example:
    said = {name: fact for name, fact in FACTS.items() if isinstance(fact, str | datetime)}
    sms = letters.text(word, language=language, **said)
    subject, body = letters.mail(word, language=language, **said)
    with override(language):
        newest = inbox.newest(word)
        text = gettext(inbox.of(word, newest).text).format(**facts.said(facts.kept(FACTS)))
    return Example(newest, language, subject, text, sms, gsm.septets(sms), subject, body)
