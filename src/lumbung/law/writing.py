"""How numbers, rupiah, shares, days and months are written in a language: at every door alike; pure."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lumbung.errors import marked, unchanged
from lumbung.law.inputs import half_up
from lumbung.law.month import Month

Translate = Callable[[str], str]
# What stands between thousands and before decimals is taken from how a language writes this number.
SAMPLE = marked("1,000.5")
_SIGNS = re.compile("1(.)000(.)5")
MONTHS = (
    marked("January"), marked("February"), marked("March"), marked("April"), marked("May"), marked("June"),
    marked("July"), marked("August"), marked("September"), marked("October"), marked("November"),
    marked("December"),
)  # fmt: skip


def signs(translate: Translate = unchanged) -> tuple[str, str]:
    """What a language puts between thousands, and before decimals."""
    found = _SIGNS.search(translate(SAMPLE))
    assert found is not None, "the catalogue writes another number"
    return found[1], found[2]


def number(value: int | Fraction | Decimal, most: int = 0, translate: Translate = unchanged) -> str:
    """A number with at most so many decimals, rounded half-up: −1,234.5, in Indonesian −1.234,5."""
    between, before = signs(translate)
    scaled = half_up(Fraction(value) * 10**most)
    whole, rest = divmod(abs(scaled), 10**most)
    decimals = f"{rest:0{most}d}".rstrip("0") if most else ""
    sign = "−" if scaled < 0 else ""
    return sign + f"{whole:,}".replace(",", between) + (before + decimals if decimals else "")


def rupiah(amount: int | Fraction | Decimal, translate: Translate = unchanged) -> str:
    """An amount of money, whole where it is whole: Rp 12,345,678."""
    return f"Rp {number(amount, 2, translate)}"


def percent(share: Fraction, translate: Translate = unchanged) -> str:
    """An exact share of one in percent: 5.7 %, to four places."""
    return f"{number(share * 100, 4, translate)} %"


def day(value: date, translate: Translate = unchanged) -> str:
    """31 October 2026."""
    return f"{value.day} {month(Month.of(value), translate)}"


def month(value: Month, translate: Translate = unchanged) -> str:
    """October 2026."""
    return f"{translate(MONTHS[value.month - 1])} {value.year}"
