"""Evidence: what comes is known by its content, scanned, drawn anew as pictures, sealed, shown, and forgotten."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import typst
from bodies import plain
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from door_users import Users
from PIL import Image
from proofs import proven
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from lumbung.accounts.models import User
from lumbung.casework import actions as casework
from lumbung.casework import queries as cases
from lumbung.casework.evidence import actions, drawing, queries, scanning
from lumbung.casework.evidence.errors import (
    BadFile,
    FileTooBig,
    HeicPhoto,
    Infected,
    LockedPdf,
    ScannerAway,
    TooManyFiles,
    TooManyPages,
    TooManyPixels,
    UnknownKind,
)
from lumbung.casework.evidence.kinds import kind_of
from lumbung.casework.evidence.models import EvidencePage
from lumbung.casework.evidence.queries import NewPage
from lumbung.casework.models import Case
from lumbung.config.doors import MEMBER

Enter = Callable[[User], Client]
REASON = "Peserta menelepon tentang namanya."
NOTE = "Nama sudah kami perbaiki sesuai KTP."
FACTS = {"what": "name", "right": "Sari Uji Lestari", "why": "Begitu di KTP saya."}


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "#a03020").save(made, kind, **more)
    return made.getvalue()


def pdf(pages: int = 1, text: str = "Akta kelahiran") -> bytes:
    source = "#set page(width: 10cm, height: 14cm)\n" + "#pagebreak()\n".join([f"= {text}\n"] * pages)
    return bytes(typst.compile(source.encode(), format="pdf", ignore_system_fonts=True))


def plain_pdf(*objects: str) -> bytes:
    """A PDF of one empty page, its catalogue and page as given."""
    body = "".join(f"{number} 0 obj\n{each}\nendobj\n" for number, each in enumerate(objects, 1))
    return f"%PDF-1.7\n{body}trailer\n<< /Root 1 0 R /Size {len(objects) + 1} >>\n%%EOF\n".encode()


SCRIPTED = plain_pdf(
    "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>",
)
HUGE = plain_pdf(
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9000 9000] >>",
)


def locked() -> bytes:
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf())))
    writer.encrypt("pemilik", "rahasia")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


# What a file is


def test_a_file_is_known_by_its_content_whatever_it_is_called():
    for kind in ("JPEG", "PNG", "WEBP"):
        assert kind_of(photo(kind)) == kind.lower()
    assert kind_of(pdf()) == "pdf"
    assert kind_of(b"\0\0\0\x18ftypheic\0\0\0\0") == "heic"
    for other in (
        b"",
        b"GIF89a",
        b"MZ\x90",
        b"<html><script>",
        b"PK\x03\x04",
        b"<svg xmlns=''/>",
        b"RIFF1234WAVE",
    ):
        assert kind_of(other) is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_without_where_it_was_made(kind: str):
    where = Image.Exif()
    where[0x0112] = 6  # taken with the phone on its side
    where.get_ifd(0x8825)[2] = (6.0, 12.0, 30.0)
    where[0x010E] = "rahasia keluarga"
    content = photo(kind, exif=where) + b"<script>alert(1)</script>"
    assert b"rahasia" in content
    (page,) = drawing.drawn(content)
    assert page.jpeg.startswith(b"\xff\xd8\xff")
    for word in (b"rahasia", b"script", b"Exif"):
        assert word not in page.jpeg
    assert (page.width, page.height) == (40, 60), "the right way up"
    assert "jpeg=" not in repr(page)


def test_transparency_lies_on_white_and_only_the_first_frame_counts():
    made = BytesIO()
    frames = [Image.new("RGBA", (10, 10), (0, 0, 0, 0)), Image.new("RGBA", (10, 10), "black")]
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    (page,) = drawing.drawn(made.getvalue())
    assert Image.open(BytesIO(page.jpeg)).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_photo_is_made_smaller():
    (page,) = drawing.drawn(photo(size=(4000, 3000)))
    assert (page.width, page.height) == (2400, 1800)


def test_a_pdf_becomes_pictures_without_its_scripts():
    pages = drawing.drawn(pdf(3))
    assert [(page.width, page.height) for page in pages] == [(670, 938)] * 3
    assert Image.open(BytesIO(pages[0].jpeg)).convert("L").getextrema()[0] < 60, "its words are on it"
    (page,) = drawing.drawn(SCRIPTED)
    assert b"JavaScript" not in page.jpeg


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: b"MZ\x90\0" * 99, UnknownKind),
        (lambda: b"<html><script>alert(1)</script>", UnknownKind),
        (lambda: b"\0\0\0\x18ftypheic\0\0\0\0", HeicPhoto),
        (lambda: photo() + bytes(drawing.MOST_BYTES), FileTooBig),
        (lambda: photo()[:200], BadFile),
        (lambda: b"\xff\xd8\xff" + b"GIF89a", BadFile),
        (lambda: photo("PNG", (10_000, 5_001)), TooManyPixels),
        (lambda: b"%PDF-1.7 nothing", BadFile),
        (lambda: pdf(11), TooManyPages),
        (lambda: HUGE, TooManyPixels),
        (locked, LockedPdf),
    ],
)
def test_what_can_not_be_evidence_is_refused_with_what_to_do(make: Callable[[], bytes], refusal: type[BadFile]):
    with pytest.raises(BadFile) as refused:
        drawing.drawn(make())
    assert type(refused.value) is refusal


def test_a_bomb_of_pixels_falls_in_its_own_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "MOST_MEMORY", 200_000_000)
    with pytest.raises(BadFile):
        drawing.drawn(photo("PNG", (7_000, 7_000)))
    monkeypatch.setattr(drawing, "_PROGRAM", Path("/nothing/here.py"))
    with pytest.raises(BadFile):
        drawing.drawn(photo())


def test_files_and_pages_are_counted_together():
    with pytest.raises(TooManyFiles):
        queries.pages_of([photo()] * 6)
    with pytest.raises(TooManyPages):
        queries.pages_of([pdf(6), pdf(5)])
    assert len(queries.pages_of([photo(), pdf(2)])) == 3


# The scanner


@contextmanager
def clamd(folder: Path, answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Something that speaks clamd's INSTREAM, and what it was given."""
    given: list[bytes] = []
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        place = folder / "clamd.ctl"
        listening.bind(str(place))
        listening.listen()

        def serve() -> None:
            asked, _ = listening.accept()
            with closing(asked), asked.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(size)
                given.append(content)
                asked.sendall(answer)

        server = threading.Thread(target=serve)
        server.start()
        yield f"unix:{place}", given
        server.join(5)


def test_a_scanner_sees_the_file_as_it_came(tmp_path: Path, settings: Any):
    content = photo("PNG", (300, 300)) + b"x" * 200_000
    with clamd(tmp_path, b"stream: OK\0") as (place, given):
        settings.LUMBUNG_CLAMD = place
        (page,) = queries.pages_of([content])
    assert page.scanned
    assert given == [content]
    settings.LUMBUNG_CLAMD = ""
    assert not queries.pages_of([content])[0].scanned


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", Infected),
        (b"INSTREAM size limit exceeded. ERROR\0", ScannerAway),
        (b"", ScannerAway),
    ],
)
def test_what_a_scanner_does_not_pass_is_not_read(
    tmp_path: Path, settings: Any, answer: bytes, refusal: type[BadFile], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(drawing, "drawn", lambda content: pytest.fail("it was read"))
    with clamd(tmp_path, answer) as (place, _):
        settings.LUMBUNG_CLAMD = place
        with pytest.raises(refusal):
            queries.pages_of([photo()])


def test_without_an_answer_of_the_scanner_nothing_is_taken(settings: Any):
    for place in ("unix:/nothing/clamd.ctl", "tcp:127.0.0.1:1"):
        settings.LUMBUNG_CLAMD = place
        with pytest.raises(ScannerAway):
            scanning.scan(photo())


# From the member to the officer


def ask(client: Client, *contents: bytes, name: str = "ktp.jpg") -> HttpResponse:
    files = [SimpleUploadedFile(name, content, content_type="image/jpeg") for content in contents]
    answer: HttpResponse = client.post(
        "/account/requests/correction/", {**FACTS, "evidence": files}, headers={"Accept-Language": "en"}
    )
    return answer


def test_pages_go_from_the_member_to_the_officer_who_gave_a_reason(users: Users, enter: Enter):
    member, officer = proven(enter(users.member), MEMBER), enter(users.officer)
    assert ask(member, photo(), pdf()).status_code == 302
    case = Case.objects.get()
    listed = member.get("/account/requests/", headers={"Accept-Language": "en"}).content.decode()
    assert f'href="/account/requests/{case.pk}/pages/2/"' in listed
    assert "We answer by" in listed
    with connection.cursor() as cursor:
        cursor.execute("SELECT image FROM evidence_evidencepage")
        for (kept,) in cursor.fetchall():
            assert b"\xff\xd8\xff" not in bytes(kept)[:40]
    path = f"/office/cases/{case.pk}/pages/1/"
    assert officer.get(path).status_code == 404, "not before a reason"
    officer.post(f"/office/cases/{case.pk}/open/", {"reason": REASON})
    page = officer.get(f"/office/cases/{case.pk}/", headers={"Accept-Language": "en"}).content.decode()
    assert page.count('<img src="/office/cases/') == 2
    assert "No virus scanner is set up" in page
    for client, address in ((officer, path), (member, f"/account/requests/{case.pk}/pages/1/")):
        answer = client.get(address)
        assert answer.content.startswith(b"\xff\xd8\xff")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"] == f'inline; filename="{case.pk}-1.jpg"'
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"
        assert (
            client.get(address.replace("/1/", "/3/") if client is officer else f"{address[:-2]}3/").status_code
            == 404
        )
    assert enter(users.other_member).get(f"/account/requests/{case.pk}/pages/1/").status_code == 404


def test_asking_again_replaces_the_pages_and_the_officer_reads_them_first(users: Users, enter: Enter):
    member = proven(enter(users.member), MEMBER)
    ask(member, photo(), photo())
    case = Case.objects.get()
    casework.read_case(case.pk, users.officer, reason=REASON, now=timezone.now())
    seen = cases.stamp(case)
    ask(member, photo())
    assert EvidencePage.objects.count() == 1
    officer = enter(users.officer)
    answer = officer.post(f"/office/cases/{case.pk}/decide/", {"decision": "accept", "note": NOTE, "seen": seen})
    assert answer.status_code == 409
    ask(member)
    assert not EvidencePage.objects.exists()


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ([b"<html><script>alert(1)</script>"], "no photo"),
        ([photo(), b"%PDF-1.7 nothing"], "can't be read"),
        ([photo()] * 6, "at most 5 files"),
    ],
)
def test_a_bad_file_is_told_beside_its_field_and_nothing_is_kept(
    users: Users, enter: Enter, contents: list[bytes], said: str
):
    answer = ask(proven(enter(users.member), MEMBER), *contents)
    assert answer.status_code == 400
    assert said in plain(answer).replace("&#x27;", "'")
    assert 'href="#id_evidence"' in answer.content.decode()
    assert not Case.objects.exists()


def test_a_form_that_is_too_long_is_not_read(users: Users, enter: Enter, settings: Any):
    settings.LUMBUNG_MOST_UPLOAD = 10_000
    assert ask(proven(enter(users.member), MEMBER), photo() + bytes(10_000)).status_code in {400, 413}
    assert not Case.objects.exists()


def test_files_are_not_drawn_too_often(users: Users, enter: Enter, settings: Any):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "send_evidence": "1/h/user"}
    client = proven(enter(users.member), MEMBER)
    assert [ask(client, photo()).status_code for _ in range(2)] == [302, 429]
    assert ask(client).status_code == 302, "without files nothing is drawn"


def test_strangers_bring_no_files(db: None, settings: Any):
    file = SimpleUploadedFile("x.jpg", photo() + bytes(settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
    assert Client().post("/login/", {"login": "x", "password": "y", "file": file}).status_code in {400, 413}


def test_late_answers_are_said(users: Users, enter: Enter):
    ask(proven(enter(users.member), MEMBER))
    Case.objects.update(due_at=timezone.now() - timedelta(hours=1))
    page = (
        proven(enter(users.member), MEMBER)
        .get("/account/requests/", headers={"Accept-Language": "en"})
        .content.decode()
    )
    assert "We are late with this" in page


def test_pages_are_forgotten_some_time_after_the_decision(users: Users):
    now = timezone.now()
    facts = {"what": "name", "name": "Sari Uji Lestari", "why": "KTP"}
    page = NewPage(b"a picture", 1, 1, scanned=False)
    assert users.member.person is not None
    case = actions.open_with_evidence(
        "correction", users.member.person, facts, [page], user=users.member, place="member", now=now
    )
    assert actions.forget_decided(now=now + timedelta(days=900)) == 0, "not while it is open"
    casework.withdraw(case.pk, users.member, place="member", now=now)
    assert actions.forget_decided(now=now + timedelta(days=90)) == 0
    assert actions.forget_decided(now=now + timedelta(days=90, seconds=1)) == 1
    assert not cases.of_person(users.member.person)[0].page_numbers
