"""Every answer is one text in the phones' own alphabet, with the longest values, in both languages."""

from datetime import date

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lumbung.messaging.gsm import ONE_TEXT, septets
from lumbung.sms import answers

LONGEST = 2**63 - 1  # a balance is a bigint
NUMBER = "123456789012"
LANGUAGES = [code for code, _ in settings.LANGUAGES]
WHEN = date(2026, 12, 31)


def all_answers(language: str) -> dict[str, str]:
    """Each answer with the longest values it can have."""
    total = answers.Total(999, LONGEST)
    return {
        "balance": answers.balance(number=NUMBER, amount=LONGEST, day=WHEN, total=None, language=language),
        "total": answers.balance(number=NUMBER, amount=LONGEST, day=WHEN, total=total, language=language),
        "registered": answers.registered(number=NUMBER, language=language),
        "refused": answers.refused(),
        "help": answers.help_text(),
    }


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
