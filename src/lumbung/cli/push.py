"""`lumbung push`: the key by which push services know this installation."""

import click

from lumbung.cli import home


@click.group()
def command() -> None:
    """Make the key for push messages."""


@command.command("new-keys")
def new_keys() -> None:
    """Print a new key for the environment. Under it every member turns pushes on anew."""
    click.echo(f"LUMBUNG_PUSH_KEY={home.new_push_key()}")
