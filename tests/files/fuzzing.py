"""Mutates good and hostile files for a given time, watches what must hold of each, and saves what breaks it.

Everything follows from one number: the same seed gives the same files in the same order, as far as the time
goes. `make audit` asks for more than the suite's half minute a worker by `LUMBUNG_FUZZ_SECONDS`,
`LUMBUNG_FUZZ_SEED` and `LUMBUNG_FUZZ_FOLDER` (where to save what breaks).
"""

import io
import os
import random
import re
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from .corpus.example import Example

SECONDS = float(os.environ.get("LUMBUNG_FUZZ_SECONDS", "30"))
SEED = int(os.environ.get("LUMBUNG_FUZZ_SEED", "2025"))
FOLDER = Path(os.environ.get("LUMBUNG_FUZZ_FOLDER") or f"{tempfile.gettempdir()}/lumbung-fuzz")
SHRINKING = 20.0  # seconds for making a file that breaks smaller
LONGEST = 200_000  # bytes of a mutated file

WORDS = [
    *[b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1a", b"\r", b"\n", b'"', b'""', b";", b",", b"\t"],
    *[b"=1+1", b"+62", b"-", b"@x", b"Rp", b"5.000", b"5.000.000", b"5,000,000.00", b"Rp 5.000.000,-", b"1e308"],
    *[b"0", b"-1", b"'", b"999999999999999999999", b"NaN", b"#N/A", b"#REF!", b"Err:502", b"3,17101E+15"],
    *[b"31-02-1990", b"Total", b"KPJ", b"NIK", b"Nama", b"Upah", b"Rapel", b"BLTH", b"\xe2\x80\xae", b"\xc2\xa0"],
    *[b"\xed\xa0\x80", b"<", b">", b"/>", b"&amp;", b"&#0;", b"&#x110000;", b"<!--", b"]]>", b"<![CDATA["],
    *[b'r="XFD1048576"', b't="e"'],
    *[b't="s"', b't="str"', b"<f>1</f>", b"<v></v>", b"<v/>", b'number-rows-repeated="1000000"', b"xml:space"],
    *[b'number-columns-repeated="99"', b"_x0000_", b"date1904", b"\x06\x00\x14\x00", b"\x0a\x00\x00\x00"],
]  # fmt: skip

Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]


def _set(content: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    at = dice.randrange(len(content) + 1)
    word = dice.choice(WORDS) or dice.randbytes(2)
    return content[:at] + word + content[at + len(word) :]


def _insert(content: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    at = dice.randrange(len(content) + 1)
    return content[:at] + dice.choice(WORDS) + content[at:]


def _flip(content: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(content or b"\x00")
    for _each in range(dice.choice((1, 1, 3, 20))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(content: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(content) + 1)
    return content[:start] + content[start + dice.choice((1, 2, 10, 100, 1_000)) :]


def _truncate(content: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def _double(content: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    start = dice.randrange(len(content) + 1)
    piece = content[start : start + dice.choice((1, 10, 60, 600))]
    return content[:start] + piece * dice.choice((2, 2, 3, 200)) + content[start:]


def _splice(content: bytes, dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    other = dice.choice(seeds)
    return content[: dice.randrange(len(content) + 1)] + other[dice.randrange(len(other) + 1) :]


def _cell(content: bytes, dice: random.Random, _: Sequence[bytes]) -> bytes:
    """Put a word into a cell: between two separators of a text, or between the tags or quotes of XML."""
    edge = dice.choice((rb"[;,\t\r\n]+", rb"[<>]+", rb"[\"']"))
    places = [(found.end(), content) for found in re.finditer(edge, content[:LONGEST])]
    if not places:
        return _set(content, dice, ())
    at = dice.choice(places)[0]
    following = re.search(edge, content[at:])
    return content[:at] + dice.choice(WORDS) + content[at + (following.start() if following else 0) :]


BYTES: tuple[Mutation, ...] = (_set, _insert, _flip, _cut, _truncate, _double, _splice, _cell, _cell, _cell)


def _part(content: bytes, dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Mutate inside a part of an archive, so that its checksums stay right; drop or double a part now and then."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {each.filename: archive.read(each) for each in archive.infolist() if each.file_size < LONGEST}
    except Exception:  # noqa: BLE001
        return dice.choice(BYTES)(content, dice, seeds)
    if not parts:
        return content
    # The sheet itself is where most can go wrong.
    names = [name for name in parts for _ in range(5 if "sheet" in name or "content" in name else 1)]
    name = dice.choice(names)
    if dice.random() < 0.03:
        del parts[name]
    else:
        parts[name] = dice.choice(BYTES)(parts[name], dice, list(parts.values()))[:LONGEST]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, part in parts.items():
            archive.writestr(each.replace("\x00", "") or "x", part)
    return out.getvalue()


@dataclass(frozen=True)
class Recipe:
    """How a file came about: which seed, and the dice of each mutation."""

    seed: int
    dice: tuple[str, ...]

    def cook(self, seeds: Sequence[bytes]) -> bytes:
        content = seeds[self.seed]
        for each in self.dice:
            dice = random.Random(each)
            is_archive = content.startswith(b"PK") and dice.random() < 0.85
            mutation = _part if is_archive else dice.choice(BYTES)
            content = mutation(content, dice, seeds)[:LONGEST]
        return content


def seeds_of(examples: Iterable[Example]) -> list[bytes]:
    """What to begin with: more often a file with rows in it than one that can't be read at all."""
    return [each.content for each in examples if not each.bulky for _ in range(4 if each.members else 1)]


@dataclass
class Fuzzer:
    """Cooks files and has them checked until the time is over. `seen` counts what `check` returned."""

    seeds: Sequence[bytes]
    check: Callable[[bytes], str]
    name: str
    seen: Counter[str] = field(default_factory=Counter)

    def run(self, seconds: float = SECONDS, seed: int = SEED) -> None:
        """Raises AssertionError with the way to replay it for the first file that breaks `check`."""
        end = time.monotonic() + seconds
        number = 0
        while time.monotonic() < end:
            dice = random.Random(f"{seed} {self.name} {number}")
            count = dice.choice((1, 1, 1, 2, 3, 6))
            recipe = Recipe(
                dice.randrange(len(self.seeds)), tuple(f"{seed} {number} {each}" for each in range(count))
            )
            content = recipe.cook(self.seeds)
            if (why := self._failure(content)) is not None:
                self._report(recipe, content, why)
            number += 1
        if report := os.environ.get("LUMBUNG_FUZZ_REPORT"):
            with open(report, "a") as lines:
                lines.write(f"{self.name}: {number} files from {len(self.seeds)} seeds, {dict(self.seen)}\n")

    def _failure(self, content: bytes) -> str | None:
        """What goes wrong with a file; None if all is well."""
        try:
            self.seen[self.check(content)] += 1
        except Exception:  # noqa: BLE001
            return traceback.format_exc()
        return None

    def _report(self, recipe: Recipe, content: bytes, why: str) -> None:
        smaller = self._shrunk(recipe, content)
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{self.name}-{sha256(smaller).hexdigest()[:12]}"
        path.write_bytes(smaller)
        raise AssertionError(
            f"{why}\n{len(smaller)} bytes that do it are in {path}; to see it again:\n"
            f"    .venv/bin/python tools/audit/fuzz.py --replay {path}\n({recipe})"
        )

    def _shrunk(self, recipe: Recipe, content: bytes) -> bytes:
        """A smaller file that goes wrong too: with fewer mutations, then with pieces cut out of it."""
        end = time.monotonic() + SHRINKING
        dice = recipe.dice
        for each in recipe.dice:
            fewer = tuple(other for other in dice if other != each)
            tried = Recipe(recipe.seed, fewer).cook(self.seeds)
            if self._failure(tried) is not None:
                dice, content = fewer, tried
        size = len(content) // 2
        while size and time.monotonic() < end:
            start = 0
            while start < len(content) and time.monotonic() < end:
                tried = content[:start] + content[start + size :]
                if self._failure(tried) is not None:
                    content = tried
                else:
                    start += size
            size //= 2
        return content
