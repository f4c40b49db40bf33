"""Amounts of rupiah as people and spreadsheets write them; what can be read two ways is not guessed."""

import math
import re

from lumbung.contributions.returnfile.faults import Fault
from lumbung.errors import marked
from lumbung.tables import Cell

LARGEST = 999_999_999_999  # rupiah; far above any wage, far below what the ledger can hold
NOISE = 1e-6  # rupiah; what binary fractions leave behind when a spreadsheet computes a whole number

TWO_WAYS = Fault(
    "amount_two_ways",
    marked(
        "This amount can be read in two ways. Write it with all its groups and decimals (5.000.000,00), or "
        "without any dot and comma (5000000)."
    ),
)
NO_AMOUNT = Fault(
    "not_an_amount",
    marked("This is not an amount of rupiah. Write it like 5000000, 5.000.000 or Rp 5.000.000,00."),
)
NEGATIVE = Fault("negative_amount", marked("An amount can't be less than zero. Write 0 or more."))
NOT_WHOLE = Fault("not_whole_rupiah", marked("An amount is in whole rupiah. Write it without a fraction."))
DASH = Fault("amount_dash", marked("A dash can mean 0 or not known. Write the wage in rupiah, or 0."))
TOO_LARGE = Fault(
    "amount_too_large",
    marked("This amount is larger than {most} rupiah. Write the wage of one month."),
    {"most": LARGEST},
)

_CURRENCY = re.compile(r"(?:rp\.?|idr)\s*", re.IGNORECASE)
_TWO_WAYS = re.compile(r"[0-9]+[.,][0-9]{3}")
_DECIMALS = "([0-9]{1,2}|-)"  # the dash stands behind round prices: 5.000,-
_WRITTEN = re.compile(
    rf"([0-9]+)(?:[.,]{_DECIMALS})?"
    rf"|([0-9]{{1,3}}(?:\.[0-9]{{3}})+)(?:,{_DECIMALS})?"
    rf"|([0-9]{{1,3}}(?:,[0-9]{{3}})+)(?:\.{_DECIMALS})?"
)
_NOTHING = ("-", "–", "—")  # how spreadsheets show 0 in accounts
_LONGEST = 40  # characters


def read_back_pay(cell: Cell) -> int | Fault:
    """As `read`; a lone dash is 0, as no back-pay is what nearly everyone has."""
    amount = read(cell)
    return 0 if amount is DASH else amount


def read(cell: Cell) -> int | Fault:
    """Whole rupiah in a cell that is not blank, or why there are none."""
    if type(cell) is str:
        return _read_text(cell)
    if type(cell) is float or type(cell) is int:
        return _read_number(cell)
    return NO_AMOUNT


def _read_number(number: float) -> int | Fault:
    """The amount in a number cell."""
    if not math.isfinite(number):
        return NO_AMOUNT
    whole = round(number)
    if abs(number - whole) > NOISE:
        return NOT_WHOLE
    return _within(whole)


def _within(whole: int) -> int | Fault:
    if whole < 0:
        return NEGATIVE
    return TOO_LARGE if whole > LARGEST else whole


def _read_text(text: str) -> int | Fault:
    """The amount in a text, if there is exactly one way to read it."""
    bare = text.strip()
    if bare[:1] in ("R", "r", "I", "i"):
        bare = _CURRENCY.sub("", bare, count=1)
    if len(bare) > _LONGEST:
        return NO_AMOUNT
    if bare.isascii() and bare.isdigit():
        return _within(int(bare))
    if _TWO_WAYS.fullmatch(bare):
        return TWO_WAYS
    written = _WRITTEN.fullmatch(bare)
    if written is None:
        return _why_not(bare)
    whole = written[1] or written[3] or written[5]
    decimals = written[2] or written[4] or written[6] or ""
    if decimals.strip("0-"):
        return NOT_WHOLE
    return _within(int(whole.replace(".", "").replace(",", "")))


def _why_not(bare: str) -> Fault:
    """Why a text that can't be read is no amount."""
    if bare in _NOTHING:
        return DASH
    return NEGATIVE if _is_negative(bare) else NO_AMOUNT


def _is_negative(bare: str) -> bool:
    """Whether the text is an amount but for a sign or brackets that make it less than zero."""
    inside = bare[1:] if bare[:1] in ("-", "−") else bare[1:-1] if bare[:1] == "(" and bare[-1:] == ")" else ""
    inside = _CURRENCY.sub("", inside.strip(), count=1)
    return bool(_WRITTEN.fullmatch(inside) or _TWO_WAYS.fullmatch(inside))
