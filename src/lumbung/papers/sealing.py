"""Signs a PDF with the fund's certificate (PAdES B-B): any later change of the file shows."""

from functools import lru_cache
from io import BytesIO
from typing import Any

from django.conf import settings

from lumbung.papers import keys

FIELD = "Fund"


def sealed(pdf: bytes, *, reason: str) -> bytes:
    """The PDF with the fund's signature over all of it, which allows no change afterwards."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415  (slow to import)
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf  # noqa: PLC0415
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415

    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
        name=settings.LUMBUNG_NAME,
    )
    signed = sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=_signer())
    content: bytes = signed.getvalue()
    return content


def _signer() -> Any:
    return _loaded(keys.signer(), settings.LUMBUNG_SIGNER_PASSWORD)


@lru_cache(maxsize=2)
def _loaded(content: bytes, password: str) -> Any:
    """The key and certificate as pyHanko takes them; opening the file takes a tenth of a second."""
    from pyhanko.sign import SimpleSigner  # noqa: PLC0415

    return SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password.encode() or None)
