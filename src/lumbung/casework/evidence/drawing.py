"""Makes pictures of what came: whatever else was in a file stays behind."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from lumbung.casework.evidence.errors import (
    BadFile,
    FileTooBig,
    HeicPhoto,
    LockedPdf,
    TooManyPages,
    TooManyPixels,
    UnknownKind,
)
from lumbung.casework.evidence.kinds import HEIC, TAKEN, kind_of

MOST_BYTES = 8_000_000
MOST_MEGABYTES = MOST_BYTES // 1_000_000
MOST_PIXELS = 50_000_000  # of what comes: the largest sensors of telephones, in their usual setting
MOST_PAGES = 10
LONGEST_SIDE = 2400  # pixels of what is kept: small print of an A4 page can be read
DOTS_AN_INCH = 170
LONGEST_PAGE = 3000  # points of a PDF page: a plan of a metre
QUALITY = 82
MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 20
_PROGRAM = Path(__file__).with_name("drawing_process.py")


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as JPEG, and its size in pixels."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int


def drawn(content: bytes, *, most_pages: int = MOST_PAGES, first: bool = False) -> list[Picture]:
    """The pages of a photo or a PDF file as pictures that we drew. Raises a BadFile that says what to do.

    With `first` a longer file is no fault: its first pages are drawn and the others are not looked at.
    """
    if len(content) > MOST_BYTES:
        raise FileTooBig(most=MOST_MEGABYTES)
    kind = kind_of(content)
    if kind == HEIC:
        raise HeicPhoto
    if kind not in TAKEN:
        raise UnknownKind
    limits = {
        "kind": kind,
        "bytes": len(content),
        "memory": MOST_MEMORY,
        "seconds": MOST_SECONDS,
        "pixels": MOST_PIXELS,
        "pages": most_pages,
        "first": first,
        "side": LONGEST_SIDE,
        "dots": DOTS_AN_INCH,
        "points": LONGEST_PAGE,
        "quality": QUALITY,
    }
    told, pictures = _answer(json.dumps(limits).encode() + b"\n" + content)
    if "fault" in told:
        raise _refusal(told["fault"], most_pages)
    return _parted(told["pages"], pictures)


def _answer(asked: bytes) -> tuple[dict[str, object], bytes]:
    """What the process says. A process that fell, or did not come to an end, could not read the file."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_PROGRAM)],
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a decoder's complaint may quote the file
            timeout=MOST_SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadFile from None
    head, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise BadFile
    return json.loads(head), rest


def _refusal(fault: object, most_pages: int) -> BadFile:
    if fault == "pages":
        return TooManyPages(most=most_pages)
    return {"pixels": TooManyPixels, "locked": LockedPdf}.get(str(fault), BadFile)()


def _parted(pages: object, pictures: bytes) -> list[Picture]:
    assert isinstance(pages, list)
    found, start = [], 0
    for size, width, height in pages:
        found.append(Picture(pictures[start : start + size], width, height))
        start += size
    return found
