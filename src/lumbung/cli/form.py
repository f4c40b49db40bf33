"""`lumbung form`: forms that anybody may download."""

from pathlib import Path

import click

from lumbung.cli import django, files, screen
from lumbung.cli.announcement import FOR_PROGRAMS


@click.group()
def command() -> None:
    """Put up and withdraw forms to download; list them."""


@command.command()
@click.argument("path", metavar="FILE", type=files.FILE)
@click.option("--name", "slug", required=True, help="Its name in the address, like change-of-data.")
@click.option("--title-id", required=True, help="What it is called in Indonesian.")
@click.option("--title-en", required=True, help="What it is called in English.")
@click.option("--purpose-id", required=True, help="What it is for, in Indonesian.")
@click.option("--purpose-en", required=True, help="What it is for, in English.")
@click.option("--place", type=click.IntRange(0, 1000), default=100, show_default=True, help="Smaller comes first.")
@FOR_PROGRAMS
def put(path: Path, for_programs: bool, **facts: object) -> None:
    """Offer FILE (PDF, ODT, ODS, DOCX or XLSX) on /forms/, in the place of the form of that name."""
    content = files.content(path)
    django.setup()
    from lumbung.publications import actions

    new = actions.NewForm(**facts)  # type: ignore[arg-type]
    with screen.refusals(for_programs=for_programs):
        row = actions.put_form(new, content, now=django.read_clock()[0])
    _say(for_programs, row.slug, f"Offered as /forms/{row.slug}/: {row.media_type}, {row.bytes_count:,} bytes.")


@command.command()
@click.argument("name")
@FOR_PROGRAMS
def withdraw(name: str, for_programs: bool) -> None:
    """Offer the form NAME no longer."""
    django.setup()
    from lumbung.publications import actions

    with screen.refusals(for_programs=for_programs):
        row = actions.withdraw_form(name, now=django.read_clock()[0])
    _say(for_programs, row.slug, f"Withdrawn: /forms/{row.slug}/ is not there any more.")


@command.command("list")
@FOR_PROGRAMS
def show(for_programs: bool) -> None:
    """List all forms, those that are withdrawn too."""
    django.setup()
    from lumbung.publications import queries

    rows = [
        {
            "name": row.slug,
            "state": "withdrawn" if row.withdrawn_at else "offered",
            "media_type": row.media_type,
            "bytes": row.bytes_count,
            "title": row.title_id,
        }
        for row in queries.all_forms()
    ]
    if for_programs:
        screen.as_json(rows)
        return
    headings = ("Name", "State", "Media type", "Bytes", "Title")
    screen.console().print(screen.table(headings, [list(row.values()) for row in rows], numbers=(3,)))


def _say(for_programs: bool, name: str, sentence: str) -> None:
    if for_programs:
        screen.as_json({"form": name})
    else:
        click.echo(sentence)
