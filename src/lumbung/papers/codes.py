"""Reads the codes of cards and statements from pictures and PDF files; knows no Django.

The command gives it whatever file its user names, on his own computer. A server gives it only pictures that it
drew anew (casework.evidence.drawing): a decoder of everything is no thing to hand to strangers.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

DOTS = 200  # an inch, at which a page is drawn to be looked at
MOST_PAGES = 4  # that are looked at: the code stands on the first page
MOST_PIXELS = 60_000_000


class CantRead(Exception):
    """The file is no picture and no PDF, or a damaged one; the message says so."""


def texts_in(content: bytes) -> list[str]:
    """The text of each signed code, each once. Raises CantRead."""
    import zxingcpp  # no process loads it that reads no picture  # noqa: PLC0415

    found: dict[str, None] = {}
    for picture in _pages(content) if content.startswith(b"%PDF") else [_picture(content)]:
        for code in zxingcpp.read_barcodes(
            picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        ):
            if code.text.count(".") == 2:
                found[code.text] = None
    return list(found)


def _picture(content: bytes) -> Any:
    from PIL import Image, UnidentifiedImageError  # no process loads it that reads no picture  # noqa: PLC0415

    try:
        picture = Image.open(BytesIO(content))
        if picture.width * picture.height > MOST_PIXELS:
            raise CantRead("The picture is too large. Cut it to the code.")
        return picture.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise CantRead("This is no picture and no PDF file, or it is damaged.") from None


def _pages(content: bytes) -> Iterator[Any]:
    import pypdfium2  # no process loads it that reads no picture  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(content)
        for page in range(min(len(document), MOST_PAGES)):
            yield document[page].render(scale=DOTS / 72).to_pil().convert("L")
    except pypdfium2.PdfiumError:
        raise CantRead("The PDF file is damaged or locked with a password.") from None
