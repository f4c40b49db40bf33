"""How money, rates, days and instants are written in the reader's language, at every door alike."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from lumbung.law import writing
from lumbung.law.month import Month


def rupiah(amount: int) -> str:
    """Whole rupiah: Rp 12.345.678, in English Rp 12,345,678."""
    return writing.rupiah(amount, gettext)


def number(amount: int) -> str:
    """A whole number with marks between its thousands, and a true minus."""
    return writing.number(amount, 0, gettext)


def percent(rate: str) -> str:
    """A rate as it was decreed, with all of its places: 5,60, in English 5.60."""
    return rate.replace(".", writing.signs(gettext)[1])


def month_name(month: Month | date) -> str:
    """Oktober 2026, October 2026."""
    return date_format(_first_day(month), "F Y")


def month_short(month: Month | date) -> str:
    """Okt 2026, Oct 2026: for tables."""
    return date_format(_first_day(month), "M Y")


def day_name(day: date) -> str:
    """31 Oktober 2026, 31 October 2026; of an instant, the day that it is where the fund is."""
    return date_format(_local(day), "j F Y")


def day_short(day: date) -> str:
    """31 Okt 2026, 31 Oct 2026: for tables."""
    return date_format(_local(day), "j M Y")


def clock(instant: datetime) -> str:
    """An instant where the fund is: 31 Oktober 2026, 14:00 WIB."""
    return date_format(localtime(instant), "j F Y, H:i T")


def clock_short(instant: datetime) -> str:
    """An instant where there is little room: 31 Okt 2026 14:00 WIB."""
    return date_format(localtime(instant), "j M Y H:i T")


def _first_day(month: Month | date) -> date:
    return month.first_day if isinstance(month, Month) else month


def _local(day: date) -> date:
    return localtime(day) if isinstance(day, datetime) else day
