"""Finds the cells of a workbook in which something stands that has no value: errors, formulas never calculated.

The workbook's reader makes nothing ('' or 0) of them, as if the cell were blank. So, once a sheet is taken, the
file itself is looked through for them, as a stream: nothing of it is held but what was found. Runs in the bounded
process of `workbook_process`, where any exception means that the file is damaged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lumbung.tables.flaws import ods, xls, xlsb, xlsx
from lumbung.tables.flaws.found import Found, Unplaced

__all__ = ["Found", "Sheet", "Unplaced", "find"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which sheet of a workbook: its place among all of them (from 0) and its name."""

    index: int
    name: str


def find(content: bytes, kind: str, sheet: Sheet, *, most_columns: int) -> Found:
    """The flaws of a sheet. Raises Unplaced for one of which it isn't said, or not simply, where it stands."""
    found = Found(most_columns)
    looks: Mapping[str, Callable[[], None]] = {
        "xlsx": lambda: xlsx.look_through(content, sheet.name, found),
        "xlsb": lambda: xlsb.look_through(content, sheet.name, found),
        "xls": lambda: xls.look_through(content, sheet.index, found),
        "ods": lambda: ods.look_through(content, sheet.name, found),
    }
    looks[kind]()
    return found
