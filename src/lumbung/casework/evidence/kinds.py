"""What a file is, by its first bytes and by nothing that its sender says about it."""

JPEG, PNG, WEBP, PDF, HEIC = "jpeg", "png", "webp", "pdf", "heic"
TAKEN = frozenset({JPEG, PNG, WEBP, PDF})
# What a browser offers to choose; nobody relies on it.
OFFERED = "image/jpeg,image/png,image/webp,application/pdf"
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftypheim", b"ftyphevc")


def kind_of(content: bytes) -> str | None:
    """One of the kinds above, None for everything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    return HEIC if content[4:12] in _HEIC else None
