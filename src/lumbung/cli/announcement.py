"""`lumbung announcement`: what the fund tells everybody."""

from datetime import date, datetime
from pathlib import Path

import click

from lumbung.cli import django, screen

DAY = click.DateTime(["%Y-%m-%d"])
FOR_PROGRAMS = click.option("--json", "for_programs", is_flag=True, help="The result as data.")
_LONGEST_FILE = 200_000  # bytes; far above the longest text that is published


class Words(click.ParamType):  # type: ignore[type-arg]  # generic in newer clicks only
    """A text, or @FILE for what stands in a file."""

    name = "text|@file"

    def convert(self, value: str, parameter: click.Parameter | None, context: click.Context | None) -> str:
        if not value.startswith("@"):
            return value
        try:
            with Path(value[1:]).open("rb") as file:
                return file.read(_LONGEST_FILE).decode()
        except OSError as wrong:
            self.fail(f"{value[1:]} can't be read: {wrong.strerror}.", parameter, context)
        except UnicodeDecodeError:
            self.fail(f"{value[1:]} is no text in UTF-8.", parameter, context)


WORDS = Words()


@click.group()
def command() -> None:
    """Publish and withdraw announcements; list them."""


@command.command()
@click.argument("name")
@click.option("--title-id", required=True, help="The title in Indonesian.")
@click.option("--title-en", required=True, help="The title in English.")
@click.option("--body-id", required=True, type=WORDS, help="The text in Indonesian.")
@click.option("--body-en", required=True, type=WORDS, help="The text in English.")
@click.option("--from", "starts", type=DAY, help="The first day (YYYY-MM-DD); today when not given.")
@click.option("--until", "ends", type=DAY, help="The last day; until it is withdrawn when not given.")
@click.option("--pinned", is_flag=True, help="Before all others, and marked as important.")
@FOR_PROGRAMS
def publish(
    name: str, *, starts: datetime | None, ends: datetime | None, for_programs: bool, **facts: object
) -> None:
    """Show an announcement under /announcements/NAME/, or change the one that is there.

    The text may have paragraphs (parted by an empty line), lists (lines that begin with "- " or "1. "),
    **bold** and [links](/forms/). All else is shown as it is typed.
    """
    django.setup()
    from lumbung.publications import actions

    now, today = django.read_clock()
    new = actions.NewAnnouncement(
        name,
        published_from=starts.date() if starts else today,
        published_until=ends.date() if ends else None,
        **facts,  # type: ignore[arg-type]
    )
    with screen.refusals(for_programs=for_programs):
        row = actions.publish(new, now=now)
    days = _days(row.published_from, row.published_until)
    _say(for_programs, row.slug, f"Published as /announcements/{row.slug}/ {days}.")


@command.command()
@click.argument("name")
@FOR_PROGRAMS
def withdraw(name: str, for_programs: bool) -> None:
    """Show the announcement NAME no longer."""
    django.setup()
    from lumbung.publications import actions

    with screen.refusals(for_programs=for_programs):
        row = actions.withdraw(name, now=django.read_clock()[0])
    _say(for_programs, row.slug, f"Withdrawn: /announcements/{row.slug}/ is not there any more.")


@command.command("list")
@FOR_PROGRAMS
def show(for_programs: bool) -> None:
    """List all announcements, those that are over or withdrawn too."""
    django.setup()
    from lumbung.publications import queries

    today = django.read_clock()[1]
    rows = [
        {
            "name": row.slug,
            "state": _state(row.published_from, row.published_until, row.withdrawn_at, today),
            "from": row.published_from,
            "until": row.published_until,
            "pinned": row.pinned,
            "title": row.title_id,
        }
        for row in queries.all_announcements()
    ]
    if for_programs:
        screen.as_json(rows)
        return
    headings = ("Name", "State", "From", "Until", "Pinned", "Title")
    cells = [[("yes" if value is True else value or "") for value in row.values()] for row in rows]
    screen.console().print(screen.table(headings, cells))


def _state(starts: date, ends: date | None, withdrawn_at: datetime | None, today: date) -> str:
    if withdrawn_at:
        return "withdrawn"
    if today < starts:
        return "to come"
    return "over" if ends and ends < today else "shown"


def _days(starts: date, ends: date | None) -> str:
    return f"from {starts} until {ends}" if ends else f"from {starts} on"


def _say(for_programs: bool, name: str, sentence: str) -> None:
    if for_programs:
        screen.as_json({"announcement": name})
    else:
        click.echo(sentence)
