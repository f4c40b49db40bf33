"""The flaws found so far in a sheet, by their places."""

ERROR, UNCALCULATED = "error", "uncalculated"  # the values of lumbung.tables.Flaw


_MOST_REPEATED = 10_000  # lines; as many problems as are listed


class Unplaced(Exception):
    """A flaw doesn't say where it stands, or stands in more places than a list has."""


class Found(dict[int, dict[int, str]]):
    """Line (from 1) -> column (from 0) -> what is wrong there.

    A flaw right of the most columns is left out, since no list is so wide.
    """

    def __init__(self, most_columns: int) -> None:
        super().__init__()
        self._columns = most_columns

    def add(self, line: int, column: int, flaw: str, *, lines: int = 1, columns: int = 1) -> None:
        """Note a flaw that stands in so many lines and columns from this place on."""
        last = min(column + columns, self._columns)
        if lines > _MOST_REPEATED:
            raise Unplaced
        for each in range(line, line + lines):
            if column < last:
                self.setdefault(each, {}).update(dict.fromkeys(range(column, last), flaw))
