"""`lumbung balance`: what a member has, how it came about, and what each year's result was worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from lumbung.cli import django, screen
from lumbung.law.writing import number as written
from lumbung.law.writing import rupiah

if TYPE_CHECKING:  # the models can be imported only once Django is set up
    from fractions import Fraction

    from rich.console import Console

    from lumbung.development.explanation import Explained
    from lumbung.ledger.queries import Balance, HistoryLine


@click.command()
@click.argument("number")
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="As booked by the end of that day (YYYY-MM-DD).")
@click.option("--explain", is_flag=True, help="How each year's development result was worked out.")
@click.option("--history", is_flag=True, help="Every line of the account, the newest first.")
@click.option("--json", "for_programs", is_flag=True, help="The same as data.")
def command(number: str, at: datetime | None, explain: bool, history: bool, for_programs: bool) -> None:
    """Show the balance of member NUMBER: old age, pension, and what they consist of.

    With --explain the exit status is 1 when a result, recomputed from the lines, is another than was credited.
    """
    if (at is not None) + explain + history > 1:
        raise click.UsageError("Give only one of --at, --explain and --history.")
    django.setup()
    from lumbung.ledger import queries as ledger
    from lumbung.registry import queries as registry

    _, today = django.read_clock()
    day = at.date() if at else today
    if day > today:
        raise click.BadParameter("That day lies in the future. Ask for a day up to today.", param_hint="--at")
    with screen.refusals(for_programs=for_programs):
        registry.member_number(number)
    if explain:
        _explain(number, for_programs)
    elif history:
        _history(number, for_programs)
    else:
        _show_balance(ledger.balance(number, day), day, for_programs)


def _show_balance(balance: Balance, day: date, for_programs: bool) -> None:
    from lumbung.masking import masked

    if for_programs:
        screen.as_json(
            {
                "member_number": balance.member_number,
                "as_of": day,
                "old_age": {
                    "balance": balance.old_age_balance,
                    "contributions": balance.old_age_contributions,
                    "development": balance.old_age_development,
                },
                "pension": {
                    "contributions": balance.pension_contributions,
                    "months_paid": balance.pension_months_paid,
                },
            }
        )
        return
    rows = [
        ("Old age (JHT): contributions", rupiah(balance.old_age_contributions)),
        ("Old age (JHT): development result", rupiah(balance.old_age_development)),
        ("Old age (JHT): balance", rupiah(balance.old_age_balance)),
        ("Pension (JP): contributions", rupiah(balance.pension_contributions)),
        ("Pension (JP): months paid", balance.pension_months_paid),
    ]
    out = screen.console()
    out.print(f"Member {masked(balance.member_number)}, as of {day.isoformat()}")
    out.print(screen.table(("", "Amount"), rows, numbers=(1,)))


def _history(number: str, for_programs: bool) -> None:
    from lumbung.development.explanation import ALL
    from lumbung.ledger import queries as ledger
    from lumbung.masking import masked

    lines = ledger.history(number, limit=ALL)
    if for_programs:
        screen.as_json({"member_number": number, "lines": [_line_data(line) for line in lines]})
        return
    out = screen.console()
    out.print(f"Member {masked(number)}: {len(lines)} lines, the newest first")
    headings = (
        "Entry", "Kind", "Value day", "Booked", "Month", "Contribution", "Development", "Withdrawal", "Pension",
        "Old-age balance", "What it belongs to",
    )  # fmt: skip
    rows = [
        (
            line.entry_id,
            line.kind,
            line.day,
            django.book_day(line.recorded_at),
            _month(line),
            *(written(amount) if amount else "" for amount in _amounts(line)),
            written(line.old_age_balance),
            _bond(line),
        )
        for line in lines
    ]
    out.print(screen.table(headings, rows, numbers=(0, 5, 6, 7, 8, 9)))


def _amounts(line: HistoryLine) -> tuple[int, int, int, int]:
    return line.contribution, line.development, line.withdrawal, line.pension


def _month(line: HistoryLine) -> str:
    return f"{line.contribution_month:%Y-%m}" if line.contribution_month else ""


def _bond(line: HistoryLine) -> str:
    """In words: what the line takes back, what took it back, and why."""
    said = []
    if line.reverses is not None:
        said.append(f"takes back entry {line.reverses}")
    if line.reversed_by is not None:
        said.append(f"taken back by entry {line.reversed_by}")
    if line.reason:
        said.append(line.reason)
    return "; ".join(said)


def _line_data(line: HistoryLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "entry": line.entry_id,
        "kind": line.kind,
        "value_day": line.day,
        "book_day": django.book_day(line.recorded_at),
        "contribution_month": _month(line) or None,
        "contribution": line.contribution,
        "development": line.development,
        "withdrawal": line.withdrawal,
        "pension": line.pension,
        "pension_months": line.pension_months,
        "old_age_balance": line.old_age_balance,
        "takes_back": line.reverses,
        "taken_back_by": line.reversed_by,
        "reason": line.reason,
    }


def _explain(number: str, for_programs: bool) -> None:
    from lumbung.development import explanation
    from lumbung.masking import masked

    found = explanation.explain(number)
    if for_programs:
        screen.as_json({"member_number": number, "results": [_explained_data(result) for result in found]})
    else:
        out = screen.console()
        out.print(f"Member {masked(number)}: development results by year")
        if not found:
            out.print("No year's result was credited to this account yet.")
        for result in found:
            _show_explained(out, result)
    if not all(result.agrees for result in found):
        raise click.exceptions.Exit(1)


def _show_explained(out: Console, result: Explained) -> None:
    """One working, from its opening balance to its line, in the order in which it is computed."""
    made = "credited" if result.kind == "annual" else "adjusted"
    out.print(
        f"\n{result.year}: {made} on {django.book_day(result.started_at)} at {result.rate} % (run {result.run}),"
        f" {screen.printable(result.decree)}",
        markup=False,
    )
    for line in result.because:
        out.print(
            f"  because of entry {line.entry_id} ({line.kind}): {rupiah(_moved(line))} of {line.day}, booked on"
            f" {django.book_day(line.recorded_at)}{f', {line.reason}' if line.reason else ''}",
            markup=False,
        )
    out.print(screen.table(("", "Amount", "Twelfths", "Amount × twelfths"), _rows(result), numbers=(1, 2, 3)))
    for sentence in _sentences(result):
        out.print(f"  {sentence}", markup=False)


def _rows(result: Explained) -> list[tuple[str, str, str, str]]:
    basis = result.basis
    parts = [("Balance on 1 January", basis.opening, 12)]
    parts += [(str(month), amount, 13 - month.month) for month, amount in basis.months]
    rows = [(what, rupiah(amount), str(parts_of), rupiah(amount * parts_of)) for what, amount, parts_of in parts]
    return [*rows, ("Together", rupiah(basis.opening + basis.moved), "", rupiah(basis.weighted))]


def _sentences(result: Explained) -> Sequence[str]:
    """The result before and after rounding, what was had before, what was posted, and whether it all agrees."""
    from lumbung.development.bookkeeping import SKIPPED

    said = [
        f"{rupiah(result.basis.weighted)} × {result.rate} % / 12 = {_exact(result.unrounded)},"
        f" rounded {rupiah(result.entitled)}"
    ]
    if result.basis.credited or result.kind != "annual":
        said.append(
            f"Credited for {result.year} before: {rupiah(result.basis.credited)};"
            f" difference {rupiah(result.kept.difference)}"
        )
    if result.posted is not None:
        said.append(f"Posted: {rupiah(result.posted.development)} by entry {result.posted.entry_id}")
    if result.kept.skipped:
        said.append(f"Not posted. {SKIPPED[result.kept.skipped]}")
    said.append(
        "The law gives the same, recomputed from the lines."
        if result.agrees
        else "DISAGREES: the law gives another result on these lines. Run `lumbung ledger check`."
    )
    return said


def _exact(amount: Fraction) -> str:
    """Rupiah before rounding, cut after six decimals."""
    millionths, rest = divmod(abs(amount.numerator) * 10**6, amount.denominator)
    whole = rupiah(millionths // 10**6 * (1 if amount >= 0 else -1))
    return f"{whole}.{millionths % 10**6:06d}{'…' if rest else ''}"


def _moved(line: HistoryLine) -> int:
    return line.contribution + line.development - line.withdrawal


def _explained_data(result: Explained) -> dict[str, Any]:
    basis = result.basis
    return {
        "year": result.year,
        "run": result.run,
        "kind": result.kind,
        "rate": result.rate,
        "decree": result.decree,
        "book_day": django.book_day(result.started_at),
        "opening": basis.opening,
        "months": [
            {"month": month, "amount": amount, "twelfths": 13 - month.month} for month, amount in basis.months
        ],
        "weighted": basis.weighted,
        "unrounded": str(result.unrounded),
        "result": result.entitled,
        "credited_before": basis.credited,
        "because": [_line_data(line) for line in result.because],
        "posted": _line_data(result.posted) if result.posted else None,
        "skipped": result.kept.skipped or None,
        "agrees": result.agrees,
    }
