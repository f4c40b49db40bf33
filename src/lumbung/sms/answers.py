"""The words of every answer. Each is one text: at most 160 characters of GSM-7 with the longest values.

A sentence is written for the catalogue; an Indonesian wording must fit too (tests/doors/test_sms_answers.py).
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, override

from lumbung.masking import masked

INDONESIAN = "id"


@dataclass(frozen=True, slots=True, repr=False)
class Total:
    """The sum over all member numbers of one person, in rupiah, when there are several."""

    numbers: int
    amount: int


def balance(*, number: str, amount: int, day: date, total: Total | None, language: str) -> str:
    """The old-age balance of a member number on a day, in rupiah, and the person's total when given."""
    with override(language):
        facts = {
            "number": _masked(number),
            "day": day.strftime("%d-%m-%Y"),
            "amount": _grouped(amount, language),
        }
        said = gettext("JHT balance of %(number)s on %(day)s: Rp %(amount)s.") % facts
        if total is not None:
            sums = {"count": total.numbers, "amount": _grouped(total.amount, language)}
            said += " " + gettext("Total of your %(count)d numbers: Rp %(amount)s.") % sums
        return said


def registered(*, number: str, language: str) -> str:
    """The phone may now ask for the number."""
    with override(language):
        return gettext(
            "This phone is registered for member number %(number)s. For the balance, text: SALDO <member number>"
        ) % {"number": _masked(number)}


def refused() -> str:
    """The one answer to whatever does not fit, which tells nobody what did not.

    Always in Indonesian: a language taken from a person's record would tell that there is one.
    """
    with override(INDONESIAN):
        return gettext(
            "The data do not match. From the phone on file, text: DAFTAR <member number> <birth date DD-MM-YYYY>"
            " <NIK>, then SALDO <member number>"
        )


def help_text() -> str:
    """What can be asked. In Indonesian, for the same reason."""
    with override(INDONESIAN):
        return gettext(
            "Register: DAFTAR <member number> <birth date DD-MM-YYYY> <NIK>. Balance: SALDO <member number>."
            " Never give your PIN or code to anyone."
        )


def _masked(number: str) -> str:
    return masked(number, filler="x")  # GSM-7 has no bullet


def _grouped(amount: int, language: str) -> str:
    """1234567 as 1.234.567, or in English 1,234,567."""
    text = f"{amount:,}"
    return text if language == "en" else text.replace(",", ".")
