"""Read evidence, and make pages of files that come in."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lumbung.casework.evidence import drawing, scanning
from lumbung.casework.evidence.drawing import MOST_PAGES
from lumbung.casework.evidence.errors import FileTooBig, TooManyFiles, TooManyPages
from lumbung.casework.evidence.models import EvidencePage
from lumbung.casework.models import Case

MOST_FILES = 5


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page drawn from a file that came, and whether a scanner saw the file."""

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    scanned: bool


def pages_of(files: Iterable[bytes]) -> list[NewPage]:
    """The pages of files as they came, checked, scanned and drawn anew. Raises a BadFile that says what to do.

    It talks to a scanner and starts processes: never while a transaction is open.
    """
    contents, made = list(files), list[NewPage]()
    if len(contents) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    for content in contents:
        if len(content) > drawing.MOST_BYTES:
            raise FileTooBig(most=drawing.MOST_MEGABYTES)
        scanned = scanning.scan(content)
        pictures = drawing.drawn(content)
        made += [NewPage(each.jpeg, each.width, each.height, scanned) for each in pictures]
        if len(made) > MOST_PAGES:
            raise TooManyPages(most=MOST_PAGES)
    return made


def pages(case: Case) -> list[EvidencePage]:
    """The pages of a case in their order, without the pictures."""
    return list(EvidencePage.objects.filter(case=case).defer("image").order_by("position"))


def page(case: Case, position: int) -> EvidencePage | None:
    """One page of a case with its picture; None when it is not there, or not any more."""
    return EvidencePage.objects.filter(case=case, position=position).first()
