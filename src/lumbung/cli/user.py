"""`lumbung user`: what an operator does with users."""

import click

from lumbung.cli import django, screen

FOR_PROGRAMS = click.option("--json", "for_programs", is_flag=True, help="The result as data.")


@click.group()
def command() -> None:
    """End sessions of users."""


@command.command("end-sessions")
@click.argument("username", required=False)
@click.option("--everybody", is_flag=True, help="Of all users of all doors.")
@FOR_PROGRAMS
def end_sessions(username: str | None, everybody: bool, for_programs: bool) -> None:
    """End all sessions of USERNAME, or of everybody, at once; whoever had one logs in again."""
    if (username is None) != everybody:
        raise click.UsageError("Name a user, or say --everybody.")
    django.setup()
    from lumbung.accounts import queries
    from lumbung.accounts.sessions import actions

    now, _ = django.read_clock()
    with screen.refusals(for_programs=for_programs):
        user = None if username is None else queries.user_by_name(username)
        ended = actions.end_all(user, place="cli", now=now)
    if for_programs:
        screen.as_json({"ended": ended})
    else:
        click.echo(f"Ended {ended} sessions.")
