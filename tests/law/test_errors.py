"""What a refusal repeats of what was given: short, printable, no error of its own; each has its words."""

import pytest

from lumbung.errors import Refusal
from lumbung.law import errors
from lumbung.law.errors import shown

REFUSALS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Refusal)]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (5, "5"),
        ("a" * 40, "a" * 40),
        ("a" * 41, "a" * 40),
        ("two\nlines", "'two\\nlines'"),
        ("kata-kata é", "kata-kata é"),
        (None, "None"),
    ],
)
def test_what_is_repeated_is_short_and_printable(given: object, told: str) -> None:
    assert shown(given) == told


def test_a_number_that_python_refuses_to_write_is_told_in_words() -> None:
    assert shown(10**5000) == "a very large number"


def test_a_caller_may_allow_more() -> None:
    assert shown("a" * 500, most=300) == "a" * 300


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda each: each.__name__)
def test_each_refusal_has_a_sentence_and_a_code(refusal: type[Refusal]) -> None:
    assert refusal.sentence[:1].strip()
    assert refusal.code.isidentifier()
