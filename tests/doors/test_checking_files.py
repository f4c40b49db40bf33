"""Checking a paper by a photo or file of it: what is read, what is refused, and that nothing of it stays."""

import re
import struct
import zlib
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from door_users import Users
from papercheck import forged
from PIL import Image
from test_statements import made

from lumbung.accounts.models import User
from lumbung.casework.evidence import drawing
from lumbung.casework.evidence.models import EvidencePage
from lumbung.papers.checking import WORDS, Verdict
from lumbung.portal.papers import forms

Enter = Callable[[User], Client]


@pytest.fixture
def sari(paid: Users, enter: Enter) -> Client:
    """Sari in her browser, with a card made just now."""
    client = enter(paid.member)
    client.post("/card/make/")
    return client


def text_of(client: Client) -> str:
    page = unescape(client.get("/card/").content.decode())
    found = re.search(r"ey[\w-]+\.[\w-]+\.[\w-]+", page)
    assert found is not None
    return found[0]


def sent(content: bytes, *, name: str = "x.bin", accept: str = "text/html", **fields: str) -> HttpResponse:
    """What a stranger's browser is told of a file, whatever the file is called."""
    headers = {"Accept": accept, "Accept-Language": "en"}
    answer: HttpResponse = Client(headers=headers).post(
        "/verify/", {"paper": SimpleUploadedFile(name, content), **fields}
    )
    return answer


def picture_of(*texts: str, form: str = "PNG") -> bytes:
    """Codes side by side on a white sheet."""
    codes = []
    for text in texts:
        drawn = BytesIO()
        segno.make_qr(text, error="m").save(drawn, kind="png", scale=5, border=4)
        codes.append(Image.open(drawn).convert("RGB"))
    sheet = Image.new("RGB", (sum(code.width for code in codes), max(code.height for code in codes)), "white")
    place = 0
    for code in codes:
        sheet.paste(code, (place, 0))
        place += code.width
    made = BytesIO()
    sheet.save(made, form)
    return made.getvalue()


def pdf_of(content: bytes, pages: int) -> bytes:
    """A PDF file with a picture on its first page and so many pages in all."""
    document = pypdfium2.PdfDocument.new()
    image = pypdfium2.PdfImage.new(document)
    image.load_jpeg(BytesIO(content), inline=True)
    image.set_matrix(pypdfium2.PdfMatrix().scale(400, 400))
    first = document.new_page(595, 842)
    first.insert_obj(image)
    first.gen_content()
    for _ in range(pages - 1):
        document.new_page(595, 842)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def bomb() -> bytes:
    """A PNG of some kilobytes that says it is 30,000 by 30,000 pixels."""

    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(3_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


def test_a_card_and_a_statement_are_read_from_their_files(sari: Client):
    papers = [sari.get(f"/card/id/{form}/").content for form in ("png", "pdf")]
    papers += [made(sari), picture_of(text_of(sari), form="WEBP")]
    for paper in papers:
        page = unescape(sent(paper).content.decode())
        assert WORDS[Verdict.NEWEST][1] in page
        assert "Sari Uji" in page
    assert EvidencePage.objects.count() == 0


def test_a_forged_code_in_a_photo_is_told_apart(sari: Client):
    told = sent(picture_of(forged(text_of(sari)), form="JPEG"), accept="application/json")
    assert told.status_code == 200
    assert told.json()["verdict"] == "altered"  # type: ignore[attr-defined]


def test_the_page_asks_for_a_file_without_script_and_lets_a_phone_use_its_camera(db: None):
    page = Client(headers={"Accept-Language": "en"}).get("/verify/").content.decode()
    field = re.search(r'<input type="file"[^>]*>', page)
    assert field is not None
    assert 'accept="image/jpeg,image/png,image/webp,application/pdf"' in field[0]
    assert "capture" not in field[0], "that would take away the choice of a file"
    assert 'enctype="multipart/form-data"' in page


def refusal(answer: HttpResponse) -> tuple[int, str, str]:
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()  # type: ignore[attr-defined]
    return answer.status_code, told["code"], told["detail"]


def test_of_two_codes_none_is_answered_for(sari: Client):
    text = text_of(sari)
    answer = sent(picture_of(text, forged(text)), accept="application/json")
    assert refusal(answer)[:2] == (400, "two_codes")
    assert "Sari" not in answer.content.decode()
    again = sent(picture_of(text, text), accept="application/json")
    assert again.json()["verdict"] == "newest", "the same one twice is one"  # type: ignore[attr-defined]


def animated() -> bytes:
    first, second = Image.new("RGB", (300, 300), "white"), Image.open(BytesIO(picture_of("a.b.c")))
    made = BytesIO()
    first.save(made, "WEBP", save_all=True, append_images=[second.convert("RGB").resize((300, 300))])
    return made.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a decompression bomb": (bomb, "too_many_pixels"),
    "no code": (lambda: picture_of("https://contoh.test"), "no_code"),
    "a code on the second frame only": (animated, "no_code"),
    "a page of HTML": (lambda: b"<html><script>alert(1)</script>", "unknown_kind"),
    "a program": (lambda: b"MZ" + bytes(500), "unknown_kind"),
    "a drawing that is a program": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_kind"),
    "a broken PDF file": (lambda: b"%PDF-1.7 broken", "bad_file"),
    "a broken picture": (lambda: b"\xff\xd8\xff\xe0" + bytes(100), "bad_file"),
    "a PDF file that claims to be a photo inside": (lambda: b"\xff\xd8\xff" + b"%PDF-1.7\n" * 20, "bad_file"),
    "too many bytes": (lambda: b"\xff\xd8\xff" + bytes(drawing.MOST_BYTES), "file_too_big"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_paper_is_refused_with_what_to_do(name: str):
    make, code = HOSTILE[name]
    status, told, detail = refusal(sent(make(), accept="application/json"))
    assert (status, told) == (400, code), detail
    assert len(detail) > 30


def test_of_a_thousand_pages_the_first_ones_are_looked_at(sari: Client):
    content = pdf_of(picture_of(text_of(sari), form="JPEG"), 1000)
    assert sent(content, accept="application/json").json()["verdict"] == "newest"  # type: ignore[attr-defined]


def test_a_picture_with_a_file_behind_it_is_only_its_pixels(sari: Client):
    polyglot = picture_of(text_of(sari)) + pdf_of(picture_of(forged(text_of(sari)), form="JPEG"), 1)
    assert sent(polyglot, accept="application/json").json()["verdict"] == "newest"  # type: ignore[attr-defined]


def test_a_form_longer_than_one_file_is_not_read(db: None, monkeypatch: pytest.MonkeyPatch):
    def read(*_: object, **__: object) -> Any:
        raise AssertionError("it is not to be read")

    monkeypatch.setattr(drawing, "drawn", read)
    assert sent(bytes(forms.MOST_UPLOAD)).status_code == 400


def test_nothing_or_both_is_a_fault_of_the_form(sari: Client):
    for fields in ({}, {"text": ""}):
        answer = Client(headers={"Accept": "application/json"}).post("/verify/", fields)
        assert refusal(answer)[0] == 400
    assert sent(picture_of("a.b.c"), text="a.b.c", accept="application/json").status_code == 400


@pytest.mark.django_db
def test_who_checks_too_often_is_told_in_his_own_way_before_anything_is_read(
    settings: Any, monkeypatch: pytest.MonkeyPatch
):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "check_paper": "1/m/ip"}
    monkeypatch.setattr(drawing, "drawn", lambda *_, **__: [])
    assert sent(b"\xff\xd8\xff").status_code == 400
    program, browser = sent(b"\xff\xd8\xff", accept="application/json"), sent(b"\xff\xd8\xff")
    status, code, detail = refusal(program)
    assert (status, code) == (429, "too_many_requests")
    assert "minute" in detail
    for answer in (program, browser):
        assert answer.status_code == 429
        assert 50 <= int(answer["Retry-After"]) <= 60
        assert "Accept" in answer["Vary"]
    assert browser["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_pictures_wait_for_their_turn_and_not_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forms, "WAIT_SECONDS", 0)
    with forms._turn:
        assert refusal(sent(picture_of("a.b.c"), accept="application/json"))[:2] == (400, "busy")
