"""Every answer is one text in the phones' own alphabet, with the longest values, in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lumbung.contributions.gaps.facts import State, Who
from lumbung.contributions.queries import Status
from lumbung.law.month import Month
from lumbung.messaging.gsm import ONE_TEXT, septets
from lumbung.sms import answers, commands, helping
from lumbung.sms.answers import MonthSaid
from lumbung.sms.commands import What

LONGEST = 2**63 - 1  # a balance is a bigint
NUMBER = "123456789012"
LANGUAGES = [code for code, _ in settings.LANGUAGES]
WHEN = date(2026, 12, 31)


LONGEST_EMPLOYER = "PT Perkebunan Nusantara XIV (Persero) Unit Usaha Pabrik Kelapa Sawit Luwu Utara dan Sekitarnya"
MOST_RUPIAH = 9_999_999_999_999  # thirteen digits; the law's own bound on a wage is far below
PROGRAMMES = ("JHT", "JP", "JKK", "JKM", "JKP")


def status_of(*, active: bool, reason: str, employer: str | None, month: Month | None) -> Status:
    return Status(active, reason, employer, PROGRAMMES, month)


def all_answers(language: str) -> dict[str, str]:
    """Each answer with the longest values it can have."""
    total = answers.Total(999, LONGEST)
    said = {
        "balance": answers.balance(number=NUMBER, amount=LONGEST, day=WHEN, total=None, language=language),
        "total": answers.balance(number=NUMBER, amount=LONGEST, day=WHEN, total=total, language=language),
        "registered": answers.registered(number=NUMBER, language=language),
        "refused": answers.refused(language),
        "claim": answers.no_claim(number=NUMBER, language=language),
        "unlock": answers.unlocking(language),
        "locked": answers.locked(number=NUMBER, since=None, language=language),
        "locked before": answers.locked(
            number=NUMBER, since=datetime(2026, 12, 31, tzinfo=UTC), language=language
        ),
        "locked too often": answers.locked_too_often(number=NUMBER, language=language),
        "stopped": answers.stopped(language),
        "started": answers.started(language),
        "help": helping.help_text(None, language),
        "no months": answers.contributions(number=NUMBER, months=[], language=language),
        **{f"help {what}": helping.help_text(what, language) for what in What},
        **{
            f"several {what}": answers.several(word=commands.word(what, language), language=language)
            for what in What
        },
    }
    for month in range(1, 13):
        of = Month(2026, month)
        for active, reason in ((True, "active"), (False, "not_paid"), (False, "no_employment")):
            for employer in (None, "PT Contoh", LONGEST_EMPLOYER):
                found = status_of(active=active, reason=reason, employer=employer, month=of)
                said[f"status {month} {reason} {employer}"] = answers.status(
                    number=NUMBER, found=found, language=language
                )
                said[f"card {month} {reason}"] = answers.card(
                    number=NUMBER, found=found, day=WHEN, language=language
                )
        for state in State:
            three = [MonthSaid(of - step, state, MOST_RUPIAH) for step in range(3)]
            said[f"months {month} {state}"] = answers.contributions(number=NUMBER, months=three, language=language)
            for count in (0, 1, 999):
                said[f"gaps {month} {state} {count}"] = answers.gaps(
                    number=NUMBER,
                    count=count,
                    newest=[MonthSaid(of - step, state) for step in range(min(count, 2))],
                    who=[Who.EMPLOYER, Who.MEMBER],
                    since=of,
                    language=language,
                )
    return said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_one_text(language: str) -> None:
    for name, words in all_answers(language).items():
        length = septets(words)
        assert length is not None, f"{name}: {words}"
        assert length <= ONE_TEXT, f"{name}: {length}: {words}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_shows_a_whole_number_or_a_link(language: str) -> None:
    for words in all_answers(language).values():
        assert NUMBER not in words
        assert "http" not in words
        assert "www" not in words


@given(st.integers(-LONGEST, LONGEST), st.sampled_from(LANGUAGES))
def test_amounts_are_grouped_as_the_language_does(amount: int, language: str) -> None:
    words = answers.balance(number=NUMBER, amount=amount, day=WHEN, total=None, language=language)
    mark = "," if language == "en" else "."
    assert f"Rp {amount:,}".replace(",", mark) in words


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("SALDO 1", 7), ("€[]", 6), ("ü@Δ", 3), ("•", None), ("→", None), ("“", None)]
)
def test_septets(text: str, length: int | None) -> None:
    assert septets(text) == length


@given(st.text(max_size=220), st.integers(3, 60))
def test_a_name_is_cut_to_its_room_whatever_stands_in_it(name: str, room: int) -> None:
    short = answers.cut(name, room)
    length = septets(short)
    assert length is not None
    assert length <= room


@pytest.mark.parametrize(
    ("name", "room", "short"),
    [
        ("PT Contoh", 20, "PT Contoh"),
        ("PT Perkebunan Nusantara XIV", 20, "PT Perkebunan.."),
        ("PTPerkebunanNusantara", 10, "PTPerkeb.."),
        ("PT “Żółw” Jaya", 20, "PT Zow Jaya"),
        ("PT. Maju Jaya", 20, "PT. Maju Jaya"),
        ("PT.Maju Jaya", 20, "PT Maju Jaya"),
        ("Buka https://jahat.id/x", 40, "Buka https jahat id x"),
        ("www\u200b.jahat\u2060.com hrd@jahat.com", 40, "www jahat com hrd jahat com"),
    ],
)
def test_a_name_is_cut_where_a_reader_would(name: str, room: int, short: str) -> None:
    assert answers.cut(name, room) == short


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_employer_is_still_known(language: str) -> None:
    found = status_of(active=True, reason="active", employer=LONGEST_EMPLOYER, month=Month(2026, 9))
    assert "PT Perkebunan Nusantara" in answers.status(number=NUMBER, found=found, language=language)
