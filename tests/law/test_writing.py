"""How numbers, money, shares, days and months are written: one way a language, at every door."""

from datetime import date
from fractions import Fraction

import pytest

from lumbung.cli.law.language import translator
from lumbung.law import writing
from lumbung.law.month import Month

WRITTEN = {
    "en": ("Rp 12,345,678", "−1,234.5", "5.7 %", "31 October 2026", "May 2026"),
    "id": ("Rp 12.345.678", "−1.234,5", "5,7 %", "31 Oktober 2026", "Mei 2026"),
}


@pytest.mark.parametrize("language", WRITTEN)
def test_each_language_has_one_way(language: str):
    told = translator(language)
    assert WRITTEN[language] == (
        writing.rupiah(12_345_678, told),
        writing.number(Fraction(-12345, 10), 2, told),
        writing.percent(Fraction(57, 1000), told),
        writing.day(date(2026, 10, 31), told),
        writing.month(Month(2026, 5), told),
    )


def test_a_half_goes_away_from_zero_and_no_more_decimals_are_shown_than_there_are():
    assert writing.number(Fraction(5, 2)) == "3"
    assert writing.number(Fraction(-5, 2)) == "−3"
    assert writing.number(2, 6) == "2"
    assert writing.number(Fraction(1, 3), 4) == "0.3333"
