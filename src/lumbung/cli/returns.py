"""`lumbung return`: employers' monthly wage files, settling them when they are paid, and correcting them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lumbung.cli import django, files, screen
from lumbung.law.errors import BadMonth
from lumbung.law.month import Month
from lumbung.law.writing import rupiah

if TYPE_CHECKING:  # these can be imported only once Django is set up
    from lumbung.contributions.corrections.actions import Corrected
    from lumbung.contributions.queries import Paid


class MonthType(click.ParamType[Month]):
    """A month written as YYYY-MM."""

    name = "YYYY-MM"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> Month:
        try:
            return Month.parse(value)
        except BadMonth as wrong:
            self.fail(wrong.say(), param, context)


@click.group()
def command() -> None:
    """Take in employers' monthly wage returns, settle what is paid, and correct what was wrong."""


@command.command("take-in")
@click.argument("file", type=files.FILE)
@click.option("--employer", "full_number", required=True, metavar="NPP-DIV", help="Like 00000001-000.")
@click.option("--month", type=MonthType(), required=True, help="The contribution month.")
@click.option("--json", "for_programs", is_flag=True, help="The result as data.")
def take_in(file: Path, full_number: str, month: Month, for_programs: bool) -> None:
    """Read and judge a wage FILE (CSV, XLSX, XLS, XLSB or ODS); on success print the payment code and the amount.

    A file with problems changes nothing; every problem is listed. The same file twice is one return.
    """
    django.setup()
    from lumbung.contributions import actions
    from lumbung.registry import queries as registry

    now, today = django.read_clock()
    began = time.monotonic()
    with (
        screen.refusals(for_programs=for_programs),
        screen.console(stderr=True).status("Reading and judging the file …"),
    ):
        employer = registry.employer(full_number)
        taken = actions.take_in_return(
            employer, month, files.content(file), file_name=files.name(file), today=today, now=now
        )
    returned, code = taken.returned, taken.code
    if for_programs:
        screen.as_json(
            {
                "return": returned.pk,
                "is_new": taken.is_new,
                "state": returned.state,
                "employer": employer.full_number,
                "month": month,
                "members": returned.members,
                "amount": returned.total,
                "payment_code": code.code,
                "due": code.due,
                "seconds": round(time.monotonic() - began, 3),
            }
        )
        return
    known = {"open": "not paid yet", "settled": "paid and credited", "replaced": "replaced"}[returned.state]
    out = screen.console()
    click.echo(
        f"{employer.name}, {month}: {returned.members} members accepted in {time.monotonic() - began:.1f} s."
        if taken.is_new
        else f"{employer.name}, {month}: this very file was taken in before; it is one return ({known})."
    )
    rows = [("Payment code", code.code), ("Amount", rupiah(returned.total)), ("Pay by", code.due)]
    out.print(screen.table(("", ""), rows, numbers=(1,)))
    if returned.state == "open":
        click.echo("When the bank has received it, its file has this line (header first):")
        click.echo("  payment_code,amount,received_on,bank_reference")
        click.echo(f"  {code.code},{returned.total},{today.isoformat()},<unique reference of the bank>")


@command.command("settle")
@click.option("--set-lines", type=click.IntRange(1, 1_000_000), default=50_000, help="Lines settled at once.")
@click.option("--json", "for_programs", is_flag=True, help="What was done as data.")
def settle(set_lines: int, for_programs: bool) -> None:
    """Credit the members of all returns whose money has come, in sets; the queue does so by itself.

    Several may run side by side. It may be stopped at any moment: whole sets are settled, the rest waits. Exit
    status 1 when the books refused a return.
    """
    django.setup()
    from lumbung.contributions import actions

    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    done = 0
    with Progress(*columns, console=screen.console(stderr=True), transient=True) as bar:
        task = bar.add_task("Members credited", total=None)

        def progress(members: int, of: int) -> None:
            nonlocal done
            done = members
            bar.update(task, completed=members, total=of)

        try:
            drained = actions.drain(clock=lambda: django.read_clock()[0], progress=progress, lines=set_lines)
        except KeyboardInterrupt:
            bar.stop()
            click.echo(f"Stopped: {done} members are credited in whole sets. Run it again for the rest.", err=True)
            raise click.exceptions.Exit(130) from None
    seconds = time.monotonic() - began
    if for_programs:
        screen.as_json(
            {
                "returns": drained.returns,
                "members": drained.members,
                "refused": list(drained.refused),
                "seconds": round(seconds, 3),
            }
        )
    else:
        click.echo(f"{drained.returns} returns settled, {drained.members} members credited in {seconds:.1f} s.")
        if drained.refused:
            click.echo(f"The books refused the returns {', '.join(map(str, drained.refused))}: see the log.")
    raise click.exceptions.Exit(1 if drained.refused else 0)


@command.command("correct")
@click.argument("reference", metavar="CODE")
@click.option("--member", help="Only this member's line; without it all lines (a wrong month).")
@click.option("--wage", type=click.IntRange(min=0), help="The right wage, in whole rupiah.")
@click.option("--back-pay", type=click.IntRange(min=0), help="The right back-pay, in whole rupiah.")
@click.option("--month", type=MonthType(), help="The right month.")
@click.option("--to-member", help="The member number whose line it is.")
@click.option("--reason", required=True, help="Why, in one line, without personal data: the members read it.")
@click.option("--json", "for_programs", is_flag=True, help="The result as data.")
def correct(reference: str, member: str | None, reason: str, for_programs: bool, **right: object) -> None:
    """Put right what the paid return with the payment code (or number) CODE said.

    What was wrong is taken back and what is right stands for it, assessed by the rules of its month; both stay in
    the members' history. When more is owed, a payment code asks for the difference, and the books change when it
    is paid. Otherwise they change at once, and what was paid too much is the employer's credit.
    """
    if not reason.strip() or len(reason) > 500 or not reason.isprintable():
        raise click.BadParameter("Say why, in one line of at most 500 characters.", param_hint="--reason")
    if all(value is None for value in right.values()):
        raise click.UsageError("Say what is right: --wage, --back-pay, --month or --to-member.")
    if member is None and any(right[name] is not None for name in ("wage", "back_pay", "to_member")):
        raise click.UsageError("Say whose line it is: --member. Without it only the month can be put right.")
    django.setup()
    from lumbung.contributions.corrections import actions, queries
    from lumbung.contributions.corrections.judging import Change

    now, today = django.read_clock()
    change = Change(right["wage"], right["back_pay"], right["month"], right["to_member"])  # type: ignore[arg-type]
    with screen.refusals(for_programs=for_programs):
        wrong = queries.returned(reference)
        corrected = actions.correct(
            wrong, change, member_number=member, reason=reason.strip(), today=today, now=now
        )
    if for_programs:
        screen.as_json(_data(corrected))
    else:
        _say(corrected)


def _data(corrected: Corrected) -> dict[str, object]:
    correction, code = corrected.correction, corrected.correction.payment_code
    return {
        "return": correction.pk,
        "is_new": corrected.is_new,
        "state": correction.state,
        "corrects": correction.corrects_id,
        "month": f"{correction.month:%Y-%m}",
        "members": correction.members,
        "total": correction.total,
        "taken_back": correction.taken_back_total,
        "difference": correction.difference,
        "payment_code": code.code if code else None,
        "due": code.due if code else None,
        "replaced": list(corrected.replaced),
    }


def _say(corrected: Corrected) -> None:
    correction, code = corrected.correction, corrected.correction.payment_code
    if not corrected.is_new:
        click.echo("This very correction was made before; it is one.")
    for replaced in corrected.replaced:
        click.echo(f"It replaces the unpaid correction with the code {replaced}, which is void now.")
    click.echo(
        f"Return {correction.pk} corrects return {correction.corrects_id}: {correction.members} members,"
        f" {rupiah(correction.total)} instead of {rupiah(correction.taken_back_total)}."
    )
    if code is not None and correction.state == "open":
        click.echo("More is owed than was paid. The books change when the difference is paid:")
        rows = [("Payment code", code.code), ("Amount", rupiah(code.amount)), ("Pay by", code.due)]
        screen.console().print(screen.table(("", ""), rows, numbers=(1,)))
    elif correction.difference < 0:
        click.echo(f"Settled. {rupiah(-correction.difference)} was paid too much: it is the employer's credit.")
    else:
        click.echo("Settled.")


@command.command("credits")
@click.option("--employer", "full_number", metavar="NPP-DIV", help="Of this employer only.")
@click.option("--json", "for_programs", is_flag=True, help="The list as data.")
def list_credits(full_number: str | None, for_programs: bool) -> None:
    """List what employers have paid too much, as corrections found it. It lies in suspense."""
    django.setup()
    from lumbung.contributions.corrections import queries
    from lumbung.registry import queries as registry

    with screen.refusals(for_programs=for_programs):
        found = queries.surpluses(registry.employer(full_number) if full_number else None)
    if for_programs:
        screen.as_json(
            [
                {
                    "employer": one.employer,
                    "month": one.month,
                    "return": one.return_id,
                    "corrects": one.corrects,
                    "amount": one.amount,
                    "reason": one.reason,
                }
                for one in found
            ]
        )
        return
    click.echo(f"{len(found)} corrections left a credit, {rupiah(sum(one.amount for one in found))} in all.")
    if found:
        rows = [(one.employer, one.month, one.return_id, rupiah(one.amount), one.reason) for one in found]
        screen.console().print(
            screen.table(("Employer", "Month", "Return", "Credit", "Reason"), rows, numbers=(2, 3))
        )


@command.command("history")
@click.argument("number")
@click.option("--json", "for_programs", is_flag=True, help="The rows as data.")
def history(number: str, for_programs: bool) -> None:
    """Show what was paid for a member NUMBER, what was wrong with what stands for it, the newest month first."""
    django.setup()
    from lumbung.contributions import queries
    from lumbung.registry import queries as registry

    with screen.refusals(for_programs=for_programs):
        registry.member_number(number)
    paid = queries.history([number], limit=queries.history_length([number]))
    if for_programs:
        screen.as_json([{name: getattr(row, name) for name in row.__slots__} for row in paid])
        return
    rows = [
        (
            row.month,
            row.employer_name,
            rupiah(row.wage + row.back_pay),
            rupiah(row.old_age),
            rupiah(row.pension),
            row.paid_on,
            _in_words(row),
        )
        for row in paid
    ]
    heading = ("Month", "Employer", "Wage", "Old age (JHT)", "Pension (JP)", "Paid on", "Correction")
    screen.console().print(screen.table(heading, rows, numbers=(2, 3, 4)))


def _in_words(row: Paid) -> str:
    """How a row is bound to another, and why."""
    if row.taken_back_by is not None:
        right = f"return {row.taken_back_by}, month {row.right_month}" if row.right_month else "not this member's"
        return f"Taken back on {row.taken_back_on}; right is: {right}. Reason: {row.reason}"
    if row.corrects is not None:
        return f"Corrects return {row.corrects}, month {row.corrects_month}. Reason: {row.reason}"
    return ""
