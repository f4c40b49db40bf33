"""Whether a PDF is whole and does nothing but show its pages."""

from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

# What makes a PDF do something, bring something along, or send something away.
_DOES = {"/JS", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
_DEEDS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute"}
MOST_PDF_OBJECTS = 100_000


def flaw(content: bytes) -> str | None:
    """Why these bytes are no PDF for everybody: "broken" (or locked), "runs" (does more than show); else None."""
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        if reader.encrypted or int(reader.root["/Pages"]["/Count"]) < 1:
            return "broken"
        return "runs" if _does_something(reader.root) else None
    # The bytes are somebody's: whatever a reader trips over in them, they are not whole.
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, RecursionError):
        return "broken"


def _does_something(root: generic.PdfObject) -> bool:
    """Whether anything that is reached from the root does more than show. Raises as the reader does."""
    waiting: list[generic.PdfObject] = [root]
    seen: set[object] = set()
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, generic.IndirectObject):
            if thing.reference in seen:
                continue
            seen.add(thing.reference)
            if len(seen) > MOST_PDF_OBJECTS:
                raise ValueError("too many objects")
            thing = thing.get_object()  # type: ignore[no-untyped-call]
        if isinstance(thing, generic.DictionaryObject):
            if _DOES & set(thing) or str(thing.get("/S", "")) in _DEEDS:
                return True
            waiting += [thing.raw_get(key) for key in thing]
        elif isinstance(thing, generic.ArrayObject):
            waiting += [thing.raw_get(place) for place in range(len(thing))]
    return False
