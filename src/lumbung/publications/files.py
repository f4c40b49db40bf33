"""What kind of form some bytes are, told by the bytes and never by the name."""

import zipfile
from io import BytesIO

MOST_PARTS = 1_000
_LONGEST_MIMETYPE = 100
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "application/vnd.oasis.opendocument.text",
    b"application/vnd.oasis.opendocument.spreadsheet": "application/vnd.oasis.opendocument.spreadsheet",
}
_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What a browser or a phone can open, with the ending that its file name gets.
ENDINGS = {
    "application/pdf": "pdf",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


def media_type(content: bytes) -> str | None:
    """The media type of a form's bytes; None when they are of no kind that is published."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    return None


def _packed(content: bytes) -> str | None:
    """What a zip says that it is. Macros are turned away: a form that runs is no form."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            if len(names) > MOST_PARTS or any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            if "mimetype" in names:
                with packed.open("mimetype") as said:
                    return _OPEN_DOCUMENT.get(said.read(_LONGEST_MIMETYPE))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return None
    return next((kind for name, kind in _OFFICE.items() if name in names), None)
