"""In which language `lumbung law` tells its answers: the message catalogue, read without Django."""

import gettext
from collections.abc import Callable
from pathlib import Path

import click

import lumbung
from lumbung.errors import unchanged

LOCALES = Path(lumbung.__file__).parent / "locale"
LANGUAGES = ("en", "id")

option = click.option(
    "--language",
    "translate",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    callback=lambda _context, _option, code: translator(code),
    help="Tell it in English or in Indonesian.",
)


def translator(code: str) -> Callable[[str], str]:
    """The translation into a language. Raises click.ClickException when its catalogue is not compiled."""
    if code == "en":
        return unchanged
    try:
        return gettext.translation("django", LOCALES, [code]).gettext
    except FileNotFoundError:
        raise click.ClickException("The catalogue is not compiled yet. Run `make setup` first.") from None
