"""The flaws found so far in a sheet, by their places."""

ERROR, UNCALCULATED = "error", "uncalculated"  # the values of lumbung.tables.Flaw


class Unplaced(Exception):
    """A flaw doesn't say where it stands, or stands in more places than a list has."""


class Found(dict[int, dict[int, str]]):
    """Line (from 1) -> column (from 0) -> what is wrong there.

    A flaw right of the most columns is left out, since no list is so wide; one below the most lines is not.
    """

    def __init__(self, most_lines: int, most_columns: int) -> None:
        super().__init__()
        self._lines, self._columns = most_lines, most_columns

    def add(self, line: int, column: int, flaw: str, *, lines: int = 1, columns: int = 1) -> None:
        """Note a flaw that stands in so many lines and columns from this place on."""
        last = min(column + columns, self._columns)
        if lines > 1 and lines * max(1, last - column) > self._lines:
            raise Unplaced
        for each in range(line, line + lines):
            if column < last:
                self.setdefault(each, {}).update(dict.fromkeys(range(column, last), flaw))
