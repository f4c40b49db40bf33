"""Publishing: what is refused and what is kept, hostile texts, files told by their bytes, and the commands."""

import io
import json
import zipfile
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from published import CONTENT, NOW, VERSION, announce, put

from lumbung.cli import demoforms, demonews, main
from lumbung.errors import Refusal
from lumbung.publications import actions, errors, files, queries, text
from lumbung.publications.models import MOST_FORM_BYTES, Announcement, Form

TODAY = date(2025, 11, 20)
LATER = NOW + timedelta(days=1)


def slugs(today: date = TODAY, language: str = "id") -> list[str]:
    return [notice.slug for notice in queries.announcements(today, language, limit=100)]


# Announcements


def test_an_announcement_stands_from_its_first_day_to_its_last(db: None):
    announce(published_from=date(2025, 11, 10), published_until=date(2025, 11, 20))
    days = [date(2025, 11, 9), date(2025, 11, 10), date(2025, 11, 20), date(2025, 11, 21)]
    assert [slugs(day) for day in days] == [[], ["jam-buka"], ["jam-buka"], []]
    assert [queries.announcements_count(day) for day in days] == [0, 1, 1, 0]
    assert [queries.announcement("jam-buka", day, "en") is not None for day in days] == [False, True, True, False]


def test_pinned_ones_come_first_then_the_newest(db: None):
    announce("lama", published_from=date(2025, 1, 1))
    announce("baru", published_from=date(2025, 11, 1))
    announce("penting", published_from=date(2024, 1, 1), pinned=True)
    announce("baru-juga", published_from=date(2025, 11, 1))
    assert slugs() == ["penting", "baru-juga", "baru", "lama"]
    assert [notice.slug for notice in queries.announcements(TODAY, "id", offset=1, limit=2)] == [
        "baru-juga",
        "baru",
    ]


def test_publishing_the_same_again_changes_nothing_and_other_words_change_it(db: None):
    first = announce()
    assert announce(now=LATER).changed_at == first.changed_at
    changed = announce(now=LATER, title_en="Opening hours")
    assert (changed.pk, changed.changed_at) == (first.pk, LATER)
    notice = queries.announcement("jam-buka", TODAY, "en")
    assert notice is not None
    assert (notice.title, notice.body) == ("Opening hours", "Open **every** working day.")


def test_what_is_withdrawn_is_gone_until_it_is_published_again(db: None):
    announce()
    actions.withdraw("jam-buka", now=LATER)
    assert slugs() == []
    with pytest.raises(errors.NoSuchPublication):
        actions.withdraw("jam-buka", now=LATER)
    announce(now=LATER)
    assert slugs() == ["jam-buka"]


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({"slug": "Jam Buka"}, errors.BadName),
        ({"slug": "jam--buka"}, errors.BadName),
        ({"slug": "../jam"}, errors.BadName),
        ({"slug": "jam\n"}, errors.BadName),
        ({"slug": ""}, errors.BadName),
        ({"slug": "a" * 61}, errors.BadName),
        ({"title_en": " \n "}, errors.TextMissing),
        ({"body_id": ""}, errors.TextMissing),
        ({"title_id": "a" * 121}, errors.TextTooLong),
        ({"body_en": "a" * 20_001}, errors.TextTooLong),
        ({"body_en": "a\0b"}, errors.TextNotPlain),
        ({"title_en": "two\nlines"}, errors.TextNotPlain),
        ({"title_id": "turned \N{RIGHT-TO-LEFT OVERRIDE}around"}, errors.TextNotPlain),
        ({"body_id": "half \ud800"}, errors.TextNotPlain),
        ({"published_until": date(2025, 10, 31)}, errors.EndsBeforeItStarts),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_sentence(
    db: None, facts: dict[str, Any], refused: type[Refusal]
):
    with pytest.raises(refused) as said:
        announce(**facts)
    assert said.value.say().endswith(".")
    assert not Announcement.objects.exists()


def test_texts_are_kept_in_one_form(db: None):
    row = announce(title_id="  Cafe\N{COMBINING ACUTE ACCENT} ", body_id="satu\r\n\r\n\tdua\r\n")
    assert (row.title_id, row.body_id) == ("Café", "satu\n\n dua")


@pytest.mark.parametrize(
    "facts",
    [
        {"slug": "Jam"},
        {"title_id": " "},
        {"body_en": ""},
        {"published_until": date(2025, 1, 1)},
    ],
)
def test_the_database_refuses_it_too(db: None, facts: dict[str, Any]):
    announce()
    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.update(**facts)


# Forms


def packed(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in parts.items():
            path = name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin")
            archive.writestr(zipfile.ZipInfo(path), content)
    return kept.getvalue()


ODT = packed(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<a/>")
DOCX = packed(word__document_xml=b"<a/>")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (CONTENT, "pdf"),
        (ODT, "odt"),
        (packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (DOCX, "docx"),
        (packed(xl__workbook_xml=b"<a/>"), "xlsx"),
        (packed(word__document_xml=b"<a/>", word__vbaProject_bin=b"x"), None),
        (packed(mimetype=b"text/html"), None),
        (packed(anything=b"x"), None),
        (DOCX[:40], None),
        (b"PK\x03\x04", None),
        (b"<!doctype html><script>alert(1)</script>", None),
        (b"MZ\x90\x00", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_are(content: bytes, kind: str | None):
    told = files.media_type(content)
    assert (None if told is None else files.ENDINGS[told]) == kind


def test_a_form_that_cannot_be_offered_is_refused(db: None):
    with pytest.raises(errors.UnknownFileKind):
        put(content=b"<html>")
    with pytest.raises(errors.FileTooLarge):
        put(content=b"%PDF-" + b"x" * MOST_FORM_BYTES)
    with pytest.raises(errors.BadName):
        put("a/b")
    assert not Form.objects.exists()


def test_a_new_file_takes_the_place_of_the_old_one(db: None):
    put()
    put(now=LATER)
    form = queries.form_file("perubahan-data")
    assert form is not None
    assert (form.version, form.changed_at, form.file_name) == (VERSION, NOW, "perubahan-data.pdf")
    put(content=ODT, now=LATER)
    form = queries.form_file("perubahan-data")
    assert form is not None
    assert (form.content, form.changed_at, form.file_name) == (ODT, LATER, "perubahan-data.odt")
    actions.withdraw_form("perubahan-data", now=LATER)
    assert queries.form_file("perubahan-data") is None
    assert queries.form_version("perubahan-data") is None
    assert queries.forms("id") == []


def test_the_list_of_forms_does_not_read_their_bytes(db: None, django_assert_num_queries: Any):
    put("b", place=2)
    put("a", place=3)
    put("c", place=1)
    with django_assert_num_queries(1) as asked:
        assert [form.slug for form in queries.forms("en")] == ["c", "b", "a"]
    assert '"content"' not in asked.captured_queries[0]["sql"]


@pytest.mark.parametrize(
    "facts",
    [
        {"content": b"%PDF-other"},
        {"bytes_count": 1},
        {"digest": b"x" * 32},
        {"media_type": "text/html"},
        {"slug": "A"},
    ],
)
def test_the_database_refuses_a_form_that_is_not_what_it_says(db: None, facts: dict[str, Any]):
    put()
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.update(**facts)


# The text


def test_the_safe_part_of_markdown_is_shown():
    source = (
        "Satu\ndua **tebal**\n\n- a\n- b\n\n1. c\n\n[Formulir](/forms/) [Lain](https://contoh.example/x?a=1&b=2)"
    )
    assert text.html(source) == (
        "<p>Satu\ndua <strong>tebal</strong></p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n"
        '<p><a href="/forms/">Formulir</a> <a href="https://contoh.example/x?a=1&amp;b=2">Lain</a></p>\n'
    )


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "**<b onclick=alert(1)>x</b>**",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](\\/\\/evil.example)",
    "[x](http://evil.example)",
    "[x](</a onmouseover=alert(1)>)",
    '[x](/a "y" onmouseover="alert(1)")',
    '[x](/a"onmouseover="alert(1))',
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "```\n<script>\n```",
    "# heading\n\n> quote\n\n---\n\n    code",
    "a | b\n--- | ---\n<i>c</i> | d",
    "&lt;script&gt; &amp; &copy;",
    "]]> --> </p></article></main>",
    "[" * 3000 + "x" + "](/a)" * 3000,
    "- " * 2000 + "x",
    "*" * 5000 + "x" + "*" * 5000,
]
ALLOWED = {
    "p": set(),
    "ul": set(),
    "ol": {"start"},
    "li": set(),
    "strong": set(),
    "em": set(),
    "a": {"href", "title"},
}


class Elements(HTMLParser):
    """What a browser would make of a text: elements with their attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(source: str) -> None:
    for tag, attributes in Elements(text.html(source)).found:
        assert tag in ALLOWED | {"br": set()}, source
        assert set(attributes) <= ALLOWED.get(tag, set()), source
        target = attributes.get("href") or "/"
        assert target.startswith(("/", "https://", "mailto:", "tel:")), source
        assert not target.startswith(("//", "/\\")), source


@pytest.mark.parametrize("source", HOSTILE, ids=[source[:30] for source in HOSTILE])
def test_a_hostile_text_comes_out_as_text(source: str):
    assert_harmless(source)


PIECES = [
    "<",
    ">",
    '"',
    "'",
    "&",
    "[",
    "]",
    "(",
    ")",
    "*",
    "-",
    "\n",
    " ",
    "javascript:",
    "/",
    "\\",
    "x",
    "1. ",
    "script",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_harmless(source: str):
    assert_harmless(source)


# The commands


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


TITLES = ("--title-id", "Libur", "--title-en", "Holiday")


def test_an_announcement_is_published_listed_and_withdrawn_by_command(db: None, tmp_path: Path):
    body = tmp_path / "isi.md"
    body.write_text("Kantor **tutup**.\n", encoding="utf-8")
    days = ("--from", "2025-11-01", "--until", "2099-12-31", "--pinned")
    done = run("announcement", "publish", "libur", *TITLES, "--body-id", f"@{body}", "--body-en", "Closed.", *days)
    assert done.exit_code == 0, done.output
    assert done.output == "Published as /announcements/libur/ from 2025-11-01 until 2099-12-31.\n"
    notice = queries.announcement("libur", TODAY, "id")
    assert notice is not None
    assert (notice.body, notice.pinned) == ("Kantor **tutup**.", True)
    listed = json.loads(run("announcement", "list", "--json").output)
    assert [(row["name"], row["state"]) for row in listed] == [("libur", "shown")]
    assert "libur" in run("announcement", "list").output
    assert json.loads(run("announcement", "withdraw", "libur", "--json").output) == {"announcement": "libur"}
    again = run("announcement", "withdraw", "libur")
    assert (again.exit_code, "Nothing with the name libur" in again.output) == (1, True)
    assert json.loads(run("announcement", "list", "--json").output)[0]["state"] == "withdrawn"


def test_a_text_that_cannot_be_read_is_said(db: None, tmp_path: Path):
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    for name, said in (("latin", "no text in UTF-8"), ("none", "can't be read"), ("", "can't be read")):
        body = f"@{tmp_path / name}"
        done = run("announcement", "publish", "libur", *TITLES, "--body-id", body, "--body-en", "x")
        assert (done.exit_code, said in done.output) == (2, True), done.output


def test_a_refusal_is_said_and_is_data_for_programs(db: None):
    words = ("announcement", "publish", "Libur!", *TITLES, "--body-id", "x", "--body-en", "x")
    assert run(*words).output.startswith("Refused: The name 'Libur!' can't stand in an address.")
    assert json.loads(run(*words, "--json").output)["refused"] == "bad_publication_name"


def test_a_form_is_put_up_listed_and_withdrawn_by_command(db: None, tmp_path: Path):
    path = tmp_path / "anything.bin"
    path.write_bytes(CONTENT)
    facts = ("--name", "kuasa", *TITLES, "--purpose-id", "Untuk X.", "--purpose-en", "For X.")
    done = run("form", "put", str(path), *facts)
    assert done.output == f"Offered as /forms/kuasa/: application/pdf, {len(CONTENT)} bytes.\n"
    listed = json.loads(run("form", "list", "--json").output)
    assert [(row["name"], row["state"], row["bytes"]) for row in listed] == [("kuasa", "offered", len(CONTENT))]
    assert "kuasa" in run("form", "list").output
    path.write_bytes(b"<html>")
    assert "not one of PDF, ODT" in run("form", "put", str(path), *facts).output
    assert run("form", "withdraw", "kuasa").exit_code == 0
    assert queries.form_file("kuasa") is None


# The demo's


def test_the_demo_publishes_once_however_often_it_is_asked(db: None):
    demonews.publish(now=NOW, today=TODAY)
    changed = [row.changed_at for row in [*queries.all_announcements(), *queries.all_forms()]]
    demonews.publish(now=LATER, today=TODAY)
    assert changed == [row.changed_at for row in [*queries.all_announcements(), *queries.all_forms()]]
    assert max(changed) == NOW
    assert slugs()[0] == "never-tell-a-code"
    assert [form.slug for form in queries.forms("id")] == ["change-of-data", "self-employed", "power-of-attorney"]
    for notice in queries.announcements(TODAY, "en", limit=100):
        assert_harmless(notice.body)
        assert "<a href=" in text.html(notice.body)


@pytest.mark.parametrize(
    "form", [facts for _, facts, *_ in demonews.FORMS], ids=lambda form: str(form["title_en"])
)
def test_a_form_of_the_demo_is_a_tagged_pdf_of_its_own(form: dict[str, Any]):
    made = demoforms.pdf(form)
    assert files.media_type(made) == "application/pdf"
    assert made == demoforms.pdf(form)
    assert b"/StructTreeRoot" in made
    assert len(made) < 200_000


def test_actions_side_by_side_publish_one(clone: Any):
    """Two that publish under one name at once end in one row with the words of one of them."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def publish(number: int) -> int:
        try:
            return announce(title_id=f"Judul {number}").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(publish, range(8)))) == 1
    with psycopg.connect(clone.superuser_url) as superuser:
        assert superuser.execute("SELECT count(*) FROM publications_announcement").fetchone() == (1,)
