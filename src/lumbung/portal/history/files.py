"""The history as files to keep: a table for spreadsheets, and a PDF made with typst."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from importlib import resources

from django.utils import timezone
from django.utils.translation import gettext

from lumbung.contributions.gaps.queries import Record
from lumbung.errors import marked
from lumbung.masking import masked
from lumbung.papers.drawing import turn
from lumbung.portal import brand
from lumbung.portal.history import rows
from lumbung.portal.history.rows import SHARES, Row
from lumbung.wording import clock, day_short, month_name, rupiah

HEADINGS = (
    marked("Month"),
    marked("Member number"),
    marked("Employer"),
    marked("State"),
    marked("What is true of it"),
    marked("Who must act"),
    marked("By when"),
    marked("Wage"),
    marked("Back pay"),
    marked("Expected"),
    marked("Asked for"),
    marked("Paid"),
    marked("Due on"),
    marked("Paid on"),
)
# A spreadsheet takes a text that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Indonesian spreadsheets part columns by semicolons, because the comma stands before decimals.
_DELIMITER = {"id": ";"}
_DASH = "–"


def file_word() -> str:
    """What a file is called, without the year and the ending."""
    return gettext("contributions")


def csv_of(shown: Sequence[Row], language: str) -> bytes:
    """A table with a row for each row of the history, in UTF-8 with its mark, amounts as bare numbers."""
    columns = list(dict.fromkeys(gettext(label) for label in SHARES.values()))
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=_DELIMITER.get(language, ","), lineterminator="\r\n")
    writer.writerow([*(gettext(heading) for heading in HEADINGS), *columns])
    for row in shown:
        shares = dict(row.shares)
        writer.writerow([_safe(cell) for cell in (*_cells(row), *(shares.get(label, "") for label in columns))])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _cells(row: Row) -> list[object]:
    line = row.line
    return [
        row.month,
        masked(row.member_number),
        row.payer,
        row.state,
        " ".join(filter(None, [row.sentence, rows.put_right(line)])),
        "" if row.needs_nobody else row.who,
        _by(row, iso=True),
        line.wage if line and line.wage is not None else "",
        line.back_pay if line else "",
        "" if row.expected is None else row.expected,
        line.total if line else "",
        row.paid,
        row.due or "",
        (line.paid_on if line else None) or "",
    ]


def _by(row: Row, *, iso: bool = False) -> str:
    if row.needs_nobody:
        return ""
    if row.by is None:
        return gettext("Now")
    return row.by.isoformat() if iso else day_short(row.by)


def _safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def pdf_of(shown: Sequence[Row], record: Record, *, name: str, now: datetime, language: str) -> bytes:
    """The same as a PDF, A4 across; text of others goes in as data, never as source. Raises TooBusy."""
    import typst  # noqa: PLC0415  it takes a moment to load, and only this needs it

    facts = {
        "lang": language,
        "house": brand.brand().name,
        "title": gettext("Contributions paid for you"),
        "of": str(record.year) if record.year else gettext("All years"),
        "name": name,
        "made": gettext("Made on {when}").format(when=clock(timezone.localtime(now))),
        "page": gettext("Page"),
        "headings": [gettext(heading) for heading in _PDF_HEADINGS],
        "rows": [_pdf_row(row) for row in shown],
        "nothing": gettext("Nothing has been paid for you yet."),
        "note": gettext(
            "JHT: old-age savings. JP: pension. JKK: work accident. JKM: death. Your employer pays JKK and JKM"
            " alone."
        ),
    }
    source = resources.files("lumbung.portal.history").joinpath("history.typ").read_bytes()
    with turn():
        made: bytes = typst.compile(
            source,
            format="pdf",
            sys_inputs={"history": json.dumps(facts)},
            ignore_system_fonts=True,
            pdf_standards="ua-1",
        )
    return made


_PDF_HEADINGS = (
    marked("Month"),
    marked("Employer"),
    marked("State"),
    marked("Wage"),
    marked("Contributions"),
    marked("Expected"),
    marked("Paid"),
    marked("Paid on"),
)


def _pdf_row(row: Row) -> dict[str, object]:
    line = row.line
    shares = [f"{label} {rupiah(amount)}" for label, amount in row.shares if amount]
    acts = "" if row.needs_nobody else f"{row.who}: {_by(row)}"
    return {
        "month": month_name(row.month),
        "payer": f"{row.payer}\n{masked(row.member_number)}",
        "state": row.state,
        "kind": row.kind,
        "said": " ".join(filter(None, [row.sentence, rows.put_right(line)])),
        "acts": acts,
        "wrong": row.wrong is not None,
        "wage": rupiah(line.wage) if line and line.wage is not None else _DASH,
        "shares": shares,
        "expected": _DASH if row.expected is None else rupiah(row.expected),
        "paid": rupiah(line.total if row.wrong and line else row.paid),
        "paid_on": _short(line.paid_on if line else None),
    }


def _short(day: date | None) -> str:
    return day_short(day) if day else _DASH
