"""`lumbung db`: the database's roles and its migrations."""

import os
import secrets
from urllib.parse import quote, urlsplit, urlunsplit

import click
import psycopg

from lumbung.cli import home
from lumbung.cli.roles import APPLICATION, OWNER, prepare


@click.group()
def command() -> None:
    """Prepare and migrate the database."""


@command.command("prepare")
@click.option(
    "--superuser-url", required=True, help="postgresql://… of a role that may create roles and databases."
)
@click.option("--dbname", default="lumbung", show_default=True)
@click.option("--owner-password", help="Made up and printed when not given.")
@click.option("--app-password", help="Made up and printed when not given.")
@click.option(
    "--host",
    metavar="HOST[:PORT]",
    help="How the two roles reach it, such as 127.0.0.1, where its socket lets in users of the system only;"
    " as the superuser does when not given.",
)
def prepare_server(
    superuser_url: str, dbname: str, owner_password: str | None, app_password: str | None, host: str | None
) -> None:
    """Make the two roles and the database on a server of yours, and print their addresses."""
    owner_password = owner_password or secrets.token_urlsafe(24)
    app_password = app_password or secrets.token_urlsafe(24)
    try:
        prepare(superuser_url, owner_password, app_password, dbname)
    except psycopg.Error as wrong:
        raise click.ClickException(str(wrong).strip()) from None
    reached = f"postgresql://{host}/" if host else superuser_url
    click.echo(f"DATABASE_URL='{_address(reached, APPLICATION, app_password, dbname)}'")
    click.echo(f"DATABASE_OWNER_URL='{_address(reached, OWNER, owner_password, dbname)}'")


@command.command("migrate")
def migrate() -> None:
    """Bring the tables up to date, as the role that owns them (DATABASE_OWNER_URL)."""
    if not os.environ.get("DATABASE_OWNER_URL"):
        os.environ.update(home.read_environment(home.home_folder()))
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if not owner_url:
        raise click.ClickException("DATABASE_OWNER_URL is not set: see `lumbung db prepare`.")
    os.environ["DATABASE_URL"] = owner_url
    from lumbung.cli import django  # Django is loaded by those commands only that need it

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False)


def _address(reached: str, role: str, password: str, dbname: str) -> str:
    """This address of the server with another role, password and database."""
    parts = urlsplit(reached)
    place = parts.netloc.rpartition("@")[2]
    who = f"{quote(role)}:{quote(password, safe='')}"
    return urlunsplit((parts.scheme, f"{who}@{place}", f"/{quote(dbname)}", parts.query, ""))
