"""The words of every answer. Each is one text: at most 160 characters of GSM-7 with the longest values.

A sentence is written for the catalogue; an Indonesian wording must fit too (tests/doors/test_sms_answers.py).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext, ngettext, override

from lumbung import wording
from lumbung.contributions.gaps.facts import State, Who
from lumbung.contributions.gaps.words import WHO
from lumbung.contributions.queries import Status
from lumbung.errors import marked
from lumbung.law.month import Month
from lumbung.masking import masked
from lumbung.messaging.gsm import BASIC, ONE_TEXT, septets, unlinked
from lumbung.sms.commands import INDONESIAN

# What a month is called where there is room for a word or two (on the pages: gaps.words.NAMES).
MONTH_WORDS: Mapping[State, str] = {
    State.NOT_DUE: marked("not due"),
    State.NOT_KNOWN: marked("not known"),
    State.WAITING: marked("waits"),
    State.PAID: marked("paid"),
    State.PAID_LATE: marked("paid late"),
    State.MISSING: marked("not reported"),
    State.UNPAID: marked("not paid"),
    State.PARTLY: marked("paid in part"),
    State.UNDER_REPORTED: marked("wage lower"),
    State.WRONG_MONTH: marked("wrong month"),
    State.WITHOUT_WORK: marked("no work"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Total:
    """The sum over all member numbers of one person, in rupiah, when there are several."""

    numbers: int
    amount: int


@dataclass(frozen=True, slots=True)
class MonthSaid:
    """One month: its state, and the wage that was reported for it in rupiah, None where there is none."""

    month: Month
    state: State
    wage: int | None = field(default=None, repr=False)


def balance(*, number: str, amount: int, day: date, total: Total | None, language: str) -> str:
    """The old-age balance of a member number on a day, in rupiah, and the person's total when given."""
    with override(language):
        facts = {"number": _masked(number), "day": _day(day), "amount": _grouped(amount, language)}
        said = gettext("JHT balance of %(number)s on %(day)s: Rp %(amount)s.") % facts
        if total is not None:
            sums = {"count": total.numbers, "amount": _grouped(total.amount, language)}
            said += " " + gettext("Total of your %(count)d numbers: Rp %(amount)s.") % sums
        return said


def status(*, number: str, found: Status, language: str) -> str:
    """Whether the person is covered today, for what and by whom, and the last month paid.

    An employer's name that is too long is cut: the rest of the answer stays whole.
    """
    with override(language):
        facts = {"number": _masked(number), "programmes": " ".join(found.programmes)}
        if found.active:
            said = gettext("%(number)s: covered, %(programmes)s.") % facts
        elif found.reason == "not_paid":
            said = gettext("%(number)s: not covered, nothing was paid lately.") % facts
        else:
            said = gettext("%(number)s: not covered, no work is registered.") % facts
        paid = gettext("Nothing paid yet.")
        if found.last_month_paid is not None:
            paid = gettext("Last month paid: %(month)s.") % {"month": _month(found.last_month_paid)}
        if found.employer_name is None:
            return f"{said} {paid}"
        employer = gettext("Employer: %(name)s.")
        room = ONE_TEXT - (septets(f"{said} {employer % {'name': ''}} {paid}") or ONE_TEXT)
        return f"{said} {employer % {'name': cut(found.employer_name, room)}} {paid}"


def contributions(*, number: str, months: Sequence[MonthSaid], language: str) -> str:
    """The last months, the newest first, with the wage reported for each and whether it is paid."""
    with override(language):
        if not months:
            return gettext("No contribution of %(number)s is expected or known in the last year.") % {
                "number": _masked(number)
            }
        said = "; ".join(_month_said(each, language) for each in months)
        return gettext("Wages of %(number)s: %(months)s.") % {"number": _ending(number), "months": said}


def gaps(
    *, number: str, count: int, newest: Sequence[MonthSaid], who: Sequence[Who], since: Month, language: str
) -> str:
    """How many months are not in order, the newest of them, and who must act; or that none is lacking."""
    with override(language):
        if not count:
            return gettext("No month of %(number)s is lacking since %(since)s.") % {
                "number": _masked(number),
                "since": _month(since),
            }
        months = ", ".join(_month_said(each, language) for each in newest)
        said = ngettext(
            "%(count)s month of %(number)s is not in order: %(months)s.",
            "%(count)s months of %(number)s are not in order, the newest: %(months)s.",
            count,
        ) % {"count": count, "number": _masked(number), "months": months}
        acts = " / ".join(gettext(WHO[each]) for each in who)
        return f"{said} " + gettext("Who must act: %(who)s.") % {"who": acts}


def card(*, number: str, found: Status, day: date, language: str) -> str:
    """What a membership card says on the day, and how to get one."""
    with override(language):
        facts = {"number": _masked(number), "day": _day(day), "programmes": " ".join(found.programmes)}
        if not found.active:
            return (
                gettext("Card %(number)s on %(day)s: you are a member, but not covered. Why: text STATUS.") % facts
            )
        return (
            gettext(
                "Card %(number)s is valid on %(day)s: %(programmes)s. To get it, log in and choose Card, or ask "
                "our office."
            )
            % facts
        )


def no_claim(*, number: str, language: str) -> str:
    """That nothing is claimed yet, and where to ask."""
    with override(language):
        return gettext(
            "%(number)s: no claim is known here. What you would be paid stands on your first page after log-in. "
            "To claim, go to our office with KTP and card."
        ) % {"number": _masked(number)}


def registered(*, number: str, language: str) -> str:
    """The phone may now ask for the number."""
    with override(language):
        return gettext(
            "This phone is registered for member number %(number)s. For the balance, text: BALANCE <member number>"
        ) % {"number": _masked(number)}


def several(*, word: str, language: str) -> str:
    """The phone may ask for several numbers, so the text must say for which."""
    with override(language):
        return gettext(
            "This phone is registered for several member numbers. Write the one you mean: %(word)s <member number>"
        ) % {"word": word}


def refused(language: str | None = INDONESIAN) -> str:
    """The one answer to whatever does not fit, which tells nobody what did not.

    In the language of the word that was sent, Indonesian when it is of both: a language taken from a person's
    record would tell that there is one.
    """
    with override(language or INDONESIAN):
        return gettext(
            "The data do not match. From the phone on file, text: REGISTER <member number> <birth date "
            "DD-MM-YYYY> <NIK>. New phone? See your account or our office."
        )


def unlocking(language: str | None) -> str:
    """How to unlock, which no text can do."""
    with override(language or INDONESIAN):
        return gettext(
            "No text can unlock. Log in and choose Account, Lock: it asks for your password. Or come to our "
            "office with your KTP."
        )


def locked(*, number: str, since: datetime | None, language: str) -> str:
    """The person's account and money are locked; `since` when they were locked before."""
    with override(language):
        facts = {"number": _masked(number), "day": _day(timezone.localtime(since)) if since else ""}
        if since is not None:
            return (
                gettext(
                    "%(number)s is locked since %(day)s: nothing is changed or paid out. Only your account, with "
                    "the password, or our office unlocks."
                )
                % facts
            )
        return (
            gettext(
                "%(number)s is locked now: nothing is changed or paid out. Only your account, with the password, "
                "or our office unlocks."
            )
            % facts
        )


def locked_too_often(*, number: str, language: str) -> str:
    """Locking by text has been used so often lately that the member must do it otherwise."""
    with override(language):
        return gettext(
            "%(number)s was not locked: by SMS it was locked several times lately. Lock it in your account or at "
            "our office."
        ) % {"number": _masked(number)}


def stopped(language: str | None) -> str:
    """No notices come to the phone any more; what comes all the same is said."""
    with override(language or INDONESIAN):
        return gettext(
            "No more notices come to this phone. Codes, answers and warnings about your account still do. To get "
            "notices again, text START."
        )


def started(language: str | None) -> str:
    """Notices come to the phone again."""
    with override(language or INDONESIAN):
        return gettext("Notices come to this phone again. To stop them, text STOP.")


def cut(name: str, room: int) -> str:
    """A name in the phone's alphabet, without links, that takes `room` places at most, cut behind a word where it
    can be."""
    plain = "".join(sign if sign in BASIC else "" for sign in _without_marks(name))
    plain = unlinked(plain)
    if len(plain) <= room:
        return plain
    short = plain[: max(room - 2, 0)]
    at_a_word = short.rpartition(" ")[0] if plain[len(short) : len(short) + 1] != " " else short
    return (at_a_word if len(at_a_word) > room // 2 else short).rstrip(" .,-") + ".."


def _without_marks(name: str) -> str:
    """É stays where the alphabet has it, Ŝ becomes S."""
    return "".join(sign if sign in BASIC else unicodedata.normalize("NFKD", sign) for sign in name)


def _month_said(said: MonthSaid, language: str) -> str:
    wage = "" if said.wage is None else f" Rp {_grouped(said.wage, language)}"
    return f"{_month(said.month)}{wage} {gettext(MONTH_WORDS[said.state])}"


def _masked(number: str) -> str:
    return masked(number, filler="x")  # GSM-7 has no bullet


def _ending(number: str) -> str:
    """Of a number where there is room for little: x9012."""
    return _masked(number)[-5:]


def _day(day: date) -> str:
    return day.strftime("%d-%m-%Y")


def _month(month: Month) -> str:
    """Okt 2026, Oct 2026."""
    return wording.month_short(month)


def _grouped(amount: int, language: str) -> str:
    """1234567 as 1.234.567, or in English 1,234,567."""
    text = f"{amount:,}"
    return text if language == "en" else text.replace(",", ".")
