"""One stream out of a compound file (MS-CFB), the container of XLS, read without copying the file."""

from array import array
from collections.abc import Iterator
from io import RawIOBase
from itertools import islice
from typing import Any

_HEADER = 512
_SMALL = 64  # bytes of a sector of the small streams, which lie in the root's own
_LAST = 0xFFFFFFFA  # this and above are marks, no sectors
_ENTRY = 128
_STREAM, _ROOT = 2, 5


class Stream(RawIOBase):
    """A stream of a compound file. Wrap it in a BufferedReader."""

    def __init__(self, content: memoryview, places: list[int], sector: int, size: int) -> None:
        self._content, self._places, self._sector, self._size = content, places, sector, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to an offset from the beginning, from here, or from the end."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        """As RawIOBase: the rest of one sector at most."""
        number, inside = divmod(self._at, self._sector)
        most = min(len(buffer), self._sector - inside, self._size - self._at)
        if most <= 0 or number >= len(self._places):
            return 0
        start = self._places[number] + inside
        piece = self._content[start : start + most]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class Compound:
    """A compound file. Raises ValueError, IndexError or LookupError where it is broken."""

    def __init__(self, content: bytes) -> None:
        self._content = memoryview(content)
        self._sector = 1 << self._number(30, 2)
        if self._sector not in (512, 4096):
            raise ValueError
        self._table = self._joined(self._table_places())
        self._small_table = self._joined(self._places(self._number(60)))

    def open(self, *names: str) -> Stream:
        """The first of these streams that there is."""
        entries = {name.casefold(): (kind, start, size) for name, kind, start, size in self._entries()}
        root = next(each for each in entries.values() if each[0] == _ROOT)
        wanted = (entries.get(name.casefold(), (0, 0, 0)) for name in names)
        start, size = next((start, size) for kind, start, size in wanted if kind == _STREAM)
        if size >= self._number(56):
            return Stream(self._content, self._places(start), self._sector, size)
        homes = self._places(root[1])
        offsets = (each * _SMALL for each in _chain(self._small_table, start))
        places = [homes[offset // self._sector] + offset % self._sector for offset in offsets]
        return Stream(self._content, places, _SMALL, size)

    def _number(self, at: int, width: int = 4) -> int:
        return int.from_bytes(self._content[at : at + width], "little")

    def _place(self, sector: int) -> int:
        """Where a sector begins in the file."""
        return (sector + 1) * self._sector

    def _places(self, start: int) -> list[int]:
        return [self._place(each) for each in _chain(self._table, start)]

    def _table_places(self) -> list[int]:
        """Where the pieces of the table of sectors lie: 109 are named in the header, the others in a chain."""
        sectors = [self._number(at) for at in range(76, _HEADER, 4)]
        following, most = self._number(68), len(self._content) // self._sector
        for _ in range(most):
            if following >= _LAST:
                break
            at = self._place(following)
            sectors += [self._number(each) for each in range(at, at + self._sector - 4, 4)]
            following = self._number(at + self._sector - 4)
        return [self._place(each) for each in sectors if each < _LAST][: most + 1]

    def _joined(self, places: list[int]) -> "array[int]":
        """The numbers in some sectors, one behind the other."""
        numbers = array("I")
        for place in places:
            piece = self._content[place : place + self._sector]
            numbers.frombytes(piece[: len(piece) // 4 * 4])
        return numbers

    def _entries(self) -> Iterator[tuple[str, int, int, int]]:
        """The directory: name, kind, first sector and size of each entry."""
        for place in self._places(self._number(48)):
            for at in range(place, place + self._sector, _ENTRY):
                length = min(64, self._number(at + 64, 2))
                name = bytes(self._content[at : at + max(0, length - 2)]).decode("utf-16-le", "replace")
                if name:
                    yield name, self._number(at + 66, 1), self._number(at + 116), self._number(at + 120)


def _chain(table: "array[int]", start: int) -> list[int]:
    """The sectors of a chain in their order. Raises ValueError for one that bites its tail."""

    def follow() -> Iterator[int]:
        sector = start
        while sector < _LAST:
            yield sector
            sector = table[sector]

    sectors = list(islice(follow(), len(table) + 1))
    if len(sectors) > len(table):
        raise ValueError
    return sectors
