"""The inputs of the law, judged: whole rupiah, percentages, counts, words, months and days, and nothing else.

They come from case files, forms and command lines as text or as numbers. A float is refused everywhere,
because it has lost the digits that rounding decides on.
"""

import re
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lumbung.law.errors import (
    BadAmount,
    BadChoice,
    BadCount,
    BadDay,
    BadFlag,
    BadPercent,
    BadWholeAmount,
    shown,
)
from lumbung.law.month import Month

MOST_RUPIAH = 10**15  # more than the whole fund holds, and far from the end of a bigint
MOST_PERCENT = 100
MOST_YEARS = 100
_MOST_MONTHS = 12 * MOST_YEARS
_DIGITS = 30
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def half_up(exact: Fraction) -> int:
    """The nearest whole number; a half goes away from zero, so that a reversal mirrors what it reverses."""
    numerator, denominator = abs(exact.numerator), exact.denominator
    rounded = (2 * numerator + denominator) // (2 * denominator)
    return rounded if exact >= 0 else -rounded


def part(base: int, share: Fraction) -> int:
    """The share of a base from 0 on, rounded half-up to whole rupiah."""
    denominator = share.denominator
    return (2 * base * share.numerator + denominator) // (2 * denominator)


def wage(given: Any, what: str = "wage") -> int:
    """Rupiah a month from 0 on; a fraction of a rupiah is rounded half-up."""
    if type(given) is int and 0 <= given <= MOST_RUPIAH:
        return given
    number = exact(given)
    if number is None or not 0 <= number <= MOST_RUPIAH:
        raise BadAmount(what=what, least=0, most=MOST_RUPIAH)
    return half_up(number)


def rupiah(given: Any, what: str, least: int = 0) -> int:
    """Whole rupiah from `least` on."""
    number = exact(given)
    if number is None or not least <= number <= MOST_RUPIAH or number.denominator != 1:
        raise BadWholeAmount(what=what, least=least, most=MOST_RUPIAH)
    return number.numerator


def percent(given: Any, what: str = "rate") -> Fraction:
    """A percentage from 0 to 100 as an exact share of one."""
    number = exact(given)
    if number is None or not 0 <= number <= MOST_PERCENT:
        raise BadPercent(what=what, least=0, most=MOST_PERCENT)
    return number / 100


def years(given: Any, what: str) -> int:
    """A whole number of years from 0 on."""
    number = exact(given)
    if number is None or not 0 <= number <= MOST_YEARS or number.denominator != 1:
        raise BadCount(what=what, least=0, most=MOST_YEARS)
    return number.numerator


def months(given: Any, what: str) -> int:
    """A whole number of months from 0 on."""
    number = exact(given)
    if number is None or not 0 <= number <= _MOST_MONTHS or number.denominator != 1:
        raise BadCount(what=what, least=0, most=_MOST_MONTHS)
    return number.numerator


def count(given: Any, what: str, least: int, most: int) -> int:
    """A whole number within its bounds."""
    number = exact(given)
    if number is None or not least <= number <= most or number.denominator != 1:
        raise BadCount(what=what, least=least, most=most)
    return number.numerator


def year(given: Any, what: str) -> int:
    """A calendar year of the law."""
    return count(given, what, 1977, 9998)


def rate(given: Any, what: str) -> Fraction:
    """A yearly rate in percent as an exact share of one; below zero when things fall."""
    number = exact(given)
    if number is None or not -MOST_PERCENT < number <= 10 * MOST_PERCENT:
        raise BadPercent(what=what, least=1 - MOST_PERCENT, most=10 * MOST_PERCENT)
    return number / 100


def choice(given: Any, what: str, choices: Collection[str]) -> str:
    """One of the words allowed."""
    if not isinstance(given, str) or given not in choices:
        raise BadChoice(what=what, choices=", ".join(sorted(choices)), value=shown(given))
    return given


def flag(given: Any, what: str) -> bool:
    """True or false."""
    if given is not True and given is not False:
        raise BadFlag(what=what)
    return given


def day(given: Any) -> date:
    """A day, given as one or written as YYYY-MM-DD."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if isinstance(given, str) and _DAY.fullmatch(given):
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    raise BadDay(value=shown(given))


def month(given: Any) -> Month:
    """A month, given as one or written as YYYY-MM."""
    return given if isinstance(given, Month) else Month.parse(given)


def exact(given: Any) -> Fraction | None:
    """The number as written, None where there is none or it has more digits than any number of the law."""
    if isinstance(given, str) and _NUMBER.fullmatch(given):
        return Fraction(given)
    if isinstance(given, Decimal) and given.is_finite() and abs(given.adjusted()) <= _DIGITS:
        return Fraction(given)
    if type(given) is int or isinstance(given, Fraction):
        return Fraction(given)
    return None
