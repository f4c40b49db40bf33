"""What kind of file some bytes are, told by the bytes and never by the name."""

import zipfile
import zlib
from io import BytesIO

from lumbung.errors import Problem, marked
from lumbung.tables import MOST_BYTES, Unreadable

MOST_UNPACKED = 500_000_000
MOST_PARTS = 2_000
MOST_RATIO = 250  # real sheets reach 10 to 40; deflate ends at 1,032
SMALL_PART = 1_000_000  # below this a ratio means nothing
_CHUNK = 1 << 20

_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"MZ\x90\x00", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"\x1f\x8b", "GZ"),
    (b"{\\rtf", "RTF"),
)
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head", b"<body")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODS = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet-template",
)

EMPTY = Problem("empty_file", marked("The file is empty. Choose the file that holds the list and send it again."))
DAMAGED = Problem(
    "damaged",
    marked(
        "The file is damaged or incomplete and can't be opened. Open it in your spreadsheet program, save it "
        "again as XLSX, and send that file."
    ),
)
PASSWORD = Problem(
    "password", marked("The file is protected by a password. Save it without a password and send it again.")
)
UNPACKS_TOO_LARGE = Problem(
    "unpacks_too_large",
    marked(
        "The file unpacks to more than can be read ({megabytes} MB). Copy the list into a new workbook, or save "
        "it as CSV, and send that file."
    ),
    facts={"megabytes": MOST_UNPACKED // 1_000_000},
)


def too_large() -> Problem:
    """The file has more bytes than are taken in."""
    sentence = marked(
        "The file is larger than {megabytes} MB. Save only the list, without pictures, and send that."
    )
    return Problem("file_too_large", sentence, facts={"megabytes": MOST_BYTES // 1_000_000})


def foreign(kind: str) -> Problem:
    """The file is of a kind that holds no table."""
    sentence = marked("This is not a table but a file of another kind ({kind}). Save the list as XLSX or CSV.")
    return Problem("not_a_table", sentence, facts={"kind": kind})


def kind_of(content: bytes) -> str:
    """`xlsx`, `xlsb`, `ods`, `xls`, or `csv` for anything that may be text. Raises Unreadable for all else."""
    if len(content) > MOST_BYTES:
        raise Unreadable(too_large())
    if not content.strip(b"\x00\t\r\n "):
        raise Unreadable(EMPTY)
    for signature, kind in _FOREIGN:
        if content.startswith(signature):
            raise Unreadable(foreign(kind))
    beginning = content[:300].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if beginning.startswith(_MARKUP):
        raise Unreadable(foreign("XML" if beginning.startswith(b"<?xml") and b"html" not in beginning else "HTML"))
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise Unreadable(PASSWORD)
        return "xls"
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    if content.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise Unreadable(DAMAGED)
    return "csv"


def _kind_of_archive(content: bytes) -> str:
    """The kind of workbook in a zip archive that neither says nor hides that it is a bomb."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_declared(parts)
            for part in parts:
                _check_unpacked(content, part)
            return _workbook_kind(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError, OSError, KeyError) as error:
        raise Unreadable(DAMAGED) from error


def _check_declared(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what the archive's own directory calls too large, too many, too dense or locked."""
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(PASSWORD)
    dense = any(part.file_size > SMALL_PART and part.file_size > part.compress_size * MOST_RATIO for part in parts)
    if dense or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(UNPACKS_TOO_LARGE)


def _check_unpacked(content: bytes, part: zipfile.ZipInfo) -> None:
    """Refuse a part that unpacks to another size than the directory says; nothing of it is kept."""
    header = part.header_offset
    lengths = content[header + 26 : header + 30]
    start = header + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    packed = memoryview(content)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        unpacked = len(packed)
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        unpacked = _unpacked_size(packed, part.file_size)
    else:
        raise Unreadable(DAMAGED)
    if unpacked > part.file_size:
        raise Unreadable(UNPACKS_TOO_LARGE)
    if unpacked < part.file_size:
        raise Unreadable(DAMAGED)


def _unpacked_size(packed: memoryview, declared: int) -> int:
    """How many bytes come out, counted no further than just past what was declared."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    for start in range(0, len(packed), _CHUNK):
        rest = bytes(packed[start : start + _CHUNK])
        while rest and size <= declared:
            size += len(unpacker.decompress(rest, _CHUNK))
            rest = unpacker.unconsumed_tail
    while size <= declared and (more := unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)):
        size += len(more)
    return size


def _workbook_kind(archive: zipfile.ZipFile) -> str:
    """Which of the workbook formats made of zip this is."""
    names = {name.replace("\\", "/").lower() for name in archive.namelist()}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names and "mimetype" in names and archive.read("mimetype").strip() in _ODS:
        if "meta-inf/manifest.xml" in names and _has_locked_parts(archive):
            raise Unreadable(PASSWORD)
        return "ods"
    if "word/document.xml" in names:
        raise Unreadable(foreign("DOCX"))
    if "[content_types].xml" in names:
        raise Unreadable(DAMAGED)
    raise Unreadable(foreign("ZIP"))


def _has_locked_parts(archive: zipfile.ZipFile) -> bool:
    """Whether the manifest of an ODS says how its parts are encrypted."""
    name = next(name for name in archive.namelist() if name.lower() == "meta-inf/manifest.xml")
    with archive.open(name) as manifest:
        return b"encryption-data" in manifest.read(SMALL_PART)
