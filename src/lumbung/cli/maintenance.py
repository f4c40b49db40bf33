"""`lumbung maintenance`: close the doors while you work behind them. Needs no database and no running server."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lumbung import maintenance
from lumbung.cli import home

ZONE = ZoneInfo("Asia/Jakarta")  # as settings.TIME_ZONE, which can't be read without the secrets of a server
_LONGEST_MESSAGE = 500


class Until(click.ParamType):  # type: ignore[type-arg]  # generic in newer clicks only
    """An instant: a day and a time of day, a time of today, or so many minutes or hours from now."""

    name = "when"

    def convert(self, value: str, parameter: click.Parameter | None, context: click.Context | None) -> datetime:
        now = datetime.now(ZONE)
        until = _from_now(value, now) or _time_of_day(value, now) or _instant(value)
        if until is None:
            self.fail(f"{value!r} is no time: write 14:30, 90m, 2h or 2026-11-29 14:30.", parameter, context)
        if until <= now:
            self.fail(f"{until:%Y-%m-%d %H:%M %Z} is over already.", parameter, context)
        return until


def _from_now(value: str, now: datetime) -> datetime | None:
    number, unit = value[:-1], value[-1:]
    if not (number.isascii() and number.isdigit() and unit in {"m", "h"}) or len(number) > 4:
        return None
    return now + (timedelta(minutes=int(number)) if unit == "m" else timedelta(hours=int(number)))


def _time_of_day(value: str, now: datetime) -> datetime | None:
    try:
        return datetime.combine(now.date(), datetime.strptime(value, "%H:%M").time(), ZONE)  # noqa: DTZ007
    except ValueError:
        return None


def _instant(value: str) -> datetime | None:
    try:
        until = datetime.fromisoformat(value)
    except ValueError:
        return None
    return until if until.tzinfo else until.replace(tzinfo=ZONE)


@click.group()
def command() -> None:
    """Close the doors while you work behind them, and open them again."""


@command.command()
@click.option("--until", type=Until(), help="Till when: 14:30, 90m, 2h or 2026-11-29 14:30 (time of the fund).")
@click.option("--message-id", default="", help="A sentence to members, in Indonesian.")
@click.option("--message-en", default="", help="The same in English.")
@click.option(
    "--sms-open/--sms-closed", default=True, show_default=True,
    help="Whether texts are still taken in and answered; that needs the database and the queue.",
)  # fmt: skip
def on(*, until: datetime | None, message_id: str, message_en: str, sms_open: bool) -> None:
    """Answer every page with "down for maintenance" (503), from the next request on, in every server that reads
    the same file."""
    if bool(message_id) != bool(message_en):
        raise click.UsageError("Say it in both languages: --message-id and --message-en.")
    if max(len(message_id), len(message_en)) > _LONGEST_MESSAGE:
        raise click.UsageError(f"A message has at most {_LONGEST_MESSAGE} characters.")
    path = home.maintenance_file()
    try:
        maintenance.switch_on(path, maintenance.Maintenance(until, message_id, message_en, sms_open))
    except OSError as wrong:
        raise click.ClickException(_unwritable(path, wrong)) from None
    click.echo(f"The doors are closed{_until(until)}; {_texts(sms_open)} ({path}).")


@command.command()
def off() -> None:
    """Open the doors again."""
    path = home.maintenance_file()
    try:
        were_closed = maintenance.switch_off(path)
    except OSError as wrong:
        raise click.ClickException(_unwritable(path, wrong)) from None
    click.echo("The doors are open again." if were_closed else f"They were open already ({path} is not there).")


@command.command()
def status() -> None:
    """Say whether the doors are closed, and by which file."""
    path = home.maintenance_file()
    standing = maintenance.standing(path)
    if standing is None:
        click.echo(f"Open ({path} is not there).")
        return
    click.echo(f"Closed{_until(standing.until)}; {_texts(standing.sms_open)} ({path}).")


def _until(until: datetime | None) -> str:
    return f" until {until.astimezone(ZONE):%Y-%m-%d %H:%M %Z}" if until else ""


def _texts(sms_open: bool) -> str:
    return "texts are taken in" if sms_open else "texts are turned away"


def _unwritable(path: Path, wrong: OSError) -> str:
    return f"{path} can't be changed: {wrong.strerror}. Run this as the user that the server runs as."
