"""Files named on the command line."""

import stat
from pathlib import Path

import click

from lumbung.tables import MOST_BYTES

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


def content(path: Path) -> bytes:
    """What stands in the file, and no more of it than shows that it is too large.

    Raises click.BadParameter for what is no regular file: a pipe could wait for ever, a device never ends.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise click.BadParameter(f"{path} is no ordinary file. Give the file that the payroll or the bank saved.")
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def name(path: Path) -> str:
    """The file's name as text that can be kept: what is no UTF-8 in it is a question mark."""
    return path.name.encode(errors="replace").decode()
