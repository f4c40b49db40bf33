"""A statement as PDF: every figure as a word of the reader's language, then typst."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext, override

from lumbung.contributions.queries import Paid
from lumbung.errors import marked
from lumbung.law.month import Month
from lumbung.papers.contents import Statement
from lumbung.papers.drawing import House, common, compiled
from lumbung.papers.statements.account import Account, Line, What
from lumbung.papers.statements.queries import Period
from lumbung.wording import clock, day_name, day_short, month_short, number, percent, rupiah

# Lines up to which the file is made for screen readers too (PDF/UA): it is 3 kB a line, without 0.2 kB.
MOST_TAGGED = 600
WORDS = {
    What.EMPLOYER: marked("Contribution %(month)s, %(employer)s"),
    What.OWN: marked("Your own contribution %(month)s"),
    What.DEVELOPMENT: marked("Development result %(year)s (%(rate)s percent a year)"),
    What.PAID_OUT: marked("Paid out to you"),
    What.TAKEN_BACK: marked("Put right: taken back %(month)s"),
    What.OTHER: marked("Other booking"),
}


def statement_pdf(statement: Statement, text: str, period: Period, house: House, *, language: str) -> bytes:
    """The statement, not signed yet. Raises TooBusy."""
    with override(language):
        data = _data(statement, text, period, house, language)
    if len(period.lines) > MOST_TAGGED:
        return compiled("statement.typ", data, format="pdf", pdf_tags=False)
    return compiled("statement.typ", data, format="pdf", pdf_standards="ua-1")


def _data(statement: Statement, text: str, period: Period, house: House, language: str) -> dict[str, Any]:
    return {
        **common(house, language, text, statement.issue.reference),
        "title": gettext("Statement"),
        "facts": [
            (gettext("Name"), period.name),
            (gettext("Member number"), "  ".join(f"••••••{ending}" for ending in period.endings)),
            (gettext("Period"), f"{day_name(period.first)} – {day_name(period.last)}"),
            (gettext("Made on"), clock(statement.issue.issued_at)),
        ],
        "sums": _sums(period),
        "pension": gettext("Pension contributions (JP) booked in this period: %(amount)s.")
        % {"amount": rupiah(sum(each.pension for each in period.accounts))},
        "how_to_check": gettext("Read the code with a phone's camera and put its text on the page below."),
        "lines_title": gettext("Line by line"),
        "lines_words": gettext("Whole rupiah, in the order in which the fund booked them."),
        "line_heads": [
            gettext("Booked on"), gettext("Counts from"), gettext("What"), gettext("Old age (JHT)"),
            gettext("Balance"), gettext("Pension (JP)"),
        ],
        "accounts": [_account(each, period) for each in period.accounts],
        "results_title": gettext("Development result"),
        "results_words": gettext("What your old-age savings earned, added once a year."),
        "result_heads": [
            gettext("Year"), gettext("Percent a year"), gettext("Decided by"), gettext("Booked on"),
            gettext("Rupiah"),
        ],
        "results": [_result(line) for line in period.lines if line.what == What.DEVELOPMENT],
        "paid_title": gettext("Contributions by employer and month"),
        "paid_words": gettext("As your employers reported and paid them. JKK and JKM your employer pays alone."),
        "paid_heads": [
            gettext("Month"), gettext("Wage"), gettext("JHT, from employer"), gettext("JHT, from you"),
            gettext("JP, from employer"), gettext("JP, from you"), gettext("Paid on"),
        ],
        "employers": list(_employers(period)),
        "signed_words": gettext(
            "This file is signed by the fund (PAdES): a program that shows PDF files tells whether anything in it"
            " was changed since. On paper the code at the top says the same of name, period and balances."
        ),
    }  # fmt: skip


def _sums(period: Period) -> list[tuple[str, str]]:
    came = {
        gettext("Contributions"): period.total(What.EMPLOYER, What.OWN),
        gettext("Development result"): period.total(What.DEVELOPMENT),
        gettext("Paid out to you"): period.total(What.PAID_OUT),
        gettext("Put right and other bookings"): period.total(What.TAKEN_BACK, What.OTHER),
    }
    return [
        (
            gettext("Old-age savings (JHT) before %(day)s") % {"day": day_name(period.first)},
            rupiah(period.opening),
        ),
        *((label, rupiah(amount)) for label, amount in came.items() if amount),
        (gettext("Old-age savings (JHT) on %(day)s") % {"day": day_name(period.last)}, rupiah(period.closing)),
    ]


def _account(account: Account, period: Period) -> dict[str, Any]:
    first = [
        "",
        "",
        gettext("Balance before %(day)s") % {"day": day_name(period.first)},
        "",
        number(account.opening),
        "",
    ]
    last = ["", "", gettext("Balance on %(day)s") % {"day": day_name(period.last)}, "", number(account.closing)]
    return {
        "title": gettext("Member number ••••••%(ending)s") % {"ending": account.ending},
        "rows": [first, *(_row(line) for line in account.lines), [*last, number(account.pension)]],
    }


def _row(line: Line) -> list[str]:
    return [
        day_short(line.booked_on),
        day_short(line.counts_from),
        _words(line),
        number(line.change) if line.change else "",
        number(line.balance),
        number(line.pension) if line.pension else "",
    ]


def _words(line: Line) -> str:
    facts = {
        "month": _month(line.month),
        "employer": line.employer,
        "year": line.year,
        "rate": percent(line.rate),
    }
    return (gettext(WORDS[line.what]) % facts).strip()


def _result(line: Line) -> list[str]:
    return [str(line.year), percent(line.rate), line.decree, day_short(line.booked_on), number(line.change)]


def _employers(period: Period) -> Iterable[dict[str, Any]]:
    """Employer by employer, in the order of their names; what was taken back is said and not added."""
    by_name = sorted(period.paid, key=lambda row: (row.employer_name, row.month))
    for name, rows in groupby(by_name, key=lambda row: row.employer_name):
        months = list(rows)
        counted = [row for row in months if not _is_wrong(row, period.last)]
        sums = [sum(getattr(row, share) for row in counted) for share in _SHARES]
        total = [gettext("Together"), "", *map(number, sums), ""]
        yield {"name": name, "rows": [*(_paid(row, period.last) for row in months), total]}


_SHARES = ("jht_employer", "jht_member", "jp_employer", "jp_member")


def _is_wrong(row: Paid, last: date) -> bool:
    return row.taken_back_on is not None and row.taken_back_on <= last


def _paid(row: Paid, last: date) -> list[str]:
    note = gettext(" (taken back, does not count)") if _is_wrong(row, last) else ""
    shares = [number(getattr(row, share)) for share in _SHARES]
    return [_month(row.month) + note, number(row.wage + row.back_pay), *shares, day_short(row.paid_on)]


def _month(month: Month | None) -> str:
    return "" if month is None else month_short(month)
