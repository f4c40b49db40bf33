"""`lumbung notices`: the nightly look through everybody's months, by hand."""

from datetime import date, datetime

import click

from lumbung.cli import django, screen


@click.group()
def command() -> None:
    """Look through everybody's months and tell of those not paid."""


@command.command("run")
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day as which the months are looked at; without it, today where the fund is.",
)
@click.option("--json", "for_programs", is_flag=True, help="The result as data.")
def run(day: datetime | None, for_programs: bool) -> None:
    """Tell every member with an account of months that were due some days ago and are not paid.

    The queue does so each night. Safe to break off and to repeat: nobody is told twice of one month.
    """
    django.setup()
    from lumbung.notices import actions

    now, today = django.read_clock()
    looked_at: date = today if day is None else day.date()
    if looked_at > today:
        raise click.BadParameter("That day has not come yet.", param_hint="--day")
    told = actions.tell_of_unpaid(looked_at, now=now)
    if for_programs:
        screen.as_json({"day": looked_at, "told": told})
        return
    click.echo(f"As on {looked_at}: {told} messages about months that are not paid.")
