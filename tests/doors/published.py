"""Something that is published, for the tests of everybody's pages."""

import hashlib
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from lumbung.publications import actions
from lumbung.publications.models import Announcement, Form

NOW = datetime(2025, 11, 20, 4, 0, tzinfo=UTC)
CONTENT = b"%PDF-1.7 uji\n%%EOF\n"
VERSION = hashlib.sha256(CONTENT).hexdigest()[:16]


def announce(slug: str = "jam-buka", now: datetime = NOW, **facts: Any) -> Announcement:
    """Publish an announcement; what is not said is that of the sample."""
    sample = {
        "title_id": "Jam buka kantor",
        "title_en": "When the office is open",
        "body_id": "Buka **setiap hari** kerja.",
        "body_en": "Open **every** working day.",
        "published_from": date(2025, 11, 1),
    }
    return actions.publish(actions.NewAnnouncement(slug, **{**sample, **facts}), now=now)


def put(slug: str = "perubahan-data", content: bytes = CONTENT, now: datetime = NOW, **facts: Any) -> Form:
    """Put up a form; what is not said is that of the sample."""
    sample = {
        "title_id": "Perubahan data",
        "title_en": "Change of data",
        "purpose_id": "Untuk memperbaiki data Anda.",
        "purpose_en": "To correct your data.",
    }
    return actions.put_form(actions.NewForm(slug, **{**sample, **facts}), content, now=now)


def publish_samples() -> None:
    announce()
    put()


def small_pdf(*, root: dict[str, Any] | None = None, password: str = "") -> bytes:
    """A PDF of one empty page that a reader opens; `root` stands in its catalogue besides."""
    writer, out = PdfFileWriter(), BytesIO()
    page = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=page, media_box=[0, 0, 100, 100]))
    for name, value in (root or {}).items():
        writer.root[generic.pdf_name(name)] = value
    if password:
        writer.encrypt(owner_pass=password, user_pass=password)
    writer.write(out)
    return out.getvalue()
