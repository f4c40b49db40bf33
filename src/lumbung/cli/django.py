"""Django for those commands that need the database."""

import os
from datetime import UTC, date, datetime

import click
from django.core.exceptions import ImproperlyConfigured

from lumbung.cli import home


def setup() -> None:
    """Configure Django from the environment or, when DATABASE_URL is not set, from the demo of this user.

    Raises click.ClickException with what to do when neither is there.
    """
    complete_environment()
    import django  # after the environment is complete
    from django.db import OperationalError, connection

    try:
        django.setup()
        connection.ensure_connection()
    except ImproperlyConfigured as wrong:
        raise click.ClickException(str(wrong)) from None
    except OperationalError:
        raise click.ClickException(
            "The database does not answer. Start the demo with `make demo` and leave it running, or check"
            " DATABASE_URL."
        ) from None


def complete_environment() -> None:
    """When DATABASE_URL is not set, take the settings from the demo of this user, if there is one."""
    if not os.environ.get("DATABASE_URL"):
        os.environ.update(home.read_environment(home.home_folder()))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lumbung.config.settings")


def read_clock() -> tuple[datetime, date]:
    """The instant in UTC and the day it is in the fund's time zone. Only doors read the clock."""
    from django.utils import timezone

    now = datetime.now(UTC)
    return now, timezone.localdate(now)


def book_day(instant: datetime) -> date:
    """The day of the books on which something was booked, in the fund's time zone."""
    from django.utils import timezone

    return timezone.localdate(instant)
