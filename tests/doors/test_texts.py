"""Officers write what everybody reads: a draft, a look at it, both languages, one button; with who and when."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.utils import timezone
from door_users import Users
from published import announce, put, small_pdf
from pyhanko.pdf_utils import generic

from lumbung.accounts.models import User
from lumbung.publications import helping, pdf, queries
from lumbung.publications.drafts import queries as drafts
from lumbung.publications.models import MOST_FORM_BYTES, Announcement, Draft, Edit, Form, HelpText

Enter = Callable[[User], Client]
WORDS = {
    "title_id": "Kantor tutup",
    "title_en": "The office is closed",
    "body_id": "Kantor **tutup** hari Senin.\n\n- Datang Selasa\n- Atau [lihat formulir](/forms/)",
    "body_en": "The office is **closed** on Monday.\n\n- Come on Tuesday\n- Or [see the forms](/forms/)",
}
PURPOSE = {
    "title_id": "Surat kuasa",
    "title_en": "Power of attorney",
    "purpose_id": "Supaya orang lain bisa datang.",
    "purpose_en": "So that somebody else can come.",
    "place": "5",
}
TOPIC = "code-does-not-arrive"


@pytest.fixture
def officer(users: Users, enter: Enter) -> Client:
    """An officer's browser, in English."""
    client = enter(users.officer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def page(client: Client, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def seen(officer: Client, path: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page(officer, path))
    return found[1] if found else ""


def begin(officer: Client, kind: str = "announcement", **facts: Any) -> str:
    """Save a new draft; where it stands."""
    words = WORDS if kind == "announcement" else PURPOSE
    answer = officer.post(f"/office/texts/{kind}/", {**words, **facts})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def save(officer: Client, path: str, **facts: Any) -> int:
    return int(officer.post(path, {"seen": seen(officer, path), **facts}).status_code)


def do(officer: Client, path: str, deed: str, **facts: Any) -> str:
    """Press a button; what the page says then."""
    sent = {"seen": seen(officer, path), **facts}
    answer = officer.post(f"{path}{deed}/", sent, follow=True)
    said = re.search(r'<div class="notice (?:good|bad)[^>]*>(.*?)</div>', answer.content.decode(), re.S)
    assert said, answer.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", said[1]).split())


def main_of(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


def everybodys(path: str, language: str) -> str:
    return page(Client(), path, language)


# Announcements


def test_an_announcement_goes_from_a_draft_to_everybody_and_ends(officer: Client, users: Users):
    path = begin(officer)
    assert path == "/office/texts/announcement/kantor-tutup/"
    assert "Draft" in page(officer, path)
    assert "Kantor tutup" not in everybodys("/announcements/", "id")
    assert Client().get("/announcements/kantor-tutup/").status_code == 404
    assert "Published in both languages" in do(officer, path, "publish")
    assert not Draft.objects.exists()
    for language in ("id", "en"):
        assert WORDS[f"title_{language}"] in everybodys("/announcements/", language)
    assert "<strong>closed</strong>" in everybodys("/announcements/kantor-tutup/", "en")
    assert Announcement.objects.get().published_from == timezone.localdate()
    assert "no longer shown" in do(officer, path, "end")
    assert Client().get("/announcements/kantor-tutup/").status_code == 404
    assert "Ended" in page(officer, path)
    deeds = Edit.objects.order_by("pk").values_list("deed", "slug", "by", "kind")
    by = users.officer.pk
    assert list(deeds) == [(deed, "kantor-tutup", by, "announcement") for deed in ("saved", "published", "ended")]
    assert page(officer, path).count("petugas.uji") == 3


@pytest.mark.parametrize("missing", list(WORDS))
def test_both_languages_are_needed_to_publish_but_not_to_save(officer: Client, missing: str):
    path = begin(officer, **{missing: " "})
    assert "written in both languages" in do(officer, path, "publish")
    assert not Announcement.objects.exists()
    assert Draft.objects.exists(), "nothing that was written is lost"
    assert save(officer, path, **WORDS) == 302
    do(officer, path, "publish")
    assert Announcement.objects.exists()


def test_it_begins_and_ends_on_its_days_and_stands_first_when_important(officer: Client):
    announce("lain", published_from=timezone.localdate())
    today = timezone.localdate()
    days = {"published_from": str(today + timedelta(days=2)), "published_until": str(today + timedelta(days=3))}
    path = begin(officer, **days, pinned="on")
    do(officer, path, "publish")
    assert "Planned" in page(officer, path)
    assert "Kantor tutup" not in everybodys("/announcements/", "id")
    save(officer, path, **WORDS, published_from=str(today - timedelta(days=9)), pinned="on")
    shown = page(officer, path)
    assert "Changes not published" in shown
    assert "Planned" in shown
    do(officer, path, "publish")
    titles = re.findall(r'href="/announcements/([a-z-]+)/"', everybodys("/announcements/", "id"))
    assert titles == ["kantor-tutup", "lain"]
    ended = {"published_from": str(today - timedelta(days=9)), "published_until": str(today - timedelta(days=1))}
    save(officer, path, **WORDS, **ended)
    do(officer, path, "publish")
    listed = page(officer, "/office/texts/")
    assert "Ended" in listed
    assert "Kantor tutup" not in everybodys("/announcements/", "id")
    answer = officer.post(
        path, {"seen": "", **WORDS, "published_from": "2026-02-02", "published_until": "2026-01-01"}
    )
    assert answer.status_code == 400
    assert "before the first day" in answer.content.decode()


def test_what_is_shown_stays_until_the_change_is_published_or_thrown_away(officer: Client):
    announce("jam-buka")
    path = "/office/texts/announcement/jam-buka/"
    assert "When the office is open" in page(officer, path), "the words that are shown stand in the form"
    assert "no changes to publish" in do(officer, path, "publish")
    save(officer, path, **WORDS)
    assert "When the office is open" in everybodys("/announcements/jam-buka/", "en")
    assert "thrown away" in do(officer, path, "discard")
    assert not Draft.objects.exists()
    assert "no changes to publish" in do(officer, path, "discard")
    new = begin(officer)
    assert officer.post(f"{new}discard/")["Location"] == "/office/texts/"
    assert officer.get(new).status_code == 404


def test_two_officers_do_not_write_over_each_other(officer: Client, users: Users):
    path = begin(officer)
    old = seen(officer, path)
    assert save(officer, path, **{**WORDS, "title_en": "Closed on Monday"}) == 302
    late = officer.post(path, {**WORDS, "seen": old, "title_en": "My own words"})
    assert late.status_code == 400
    assert "Somebody changed this text meanwhile" in late.content.decode()
    assert "My own words" in late.content.decode(), "they can be copied"
    answer = officer.post(f"{path}publish/", {"seen": old}, follow=True)
    assert "Somebody changed this text meanwhile" in answer.content.decode()
    assert not Announcement.objects.exists()
    assert Draft.objects.get().facts["title_en"] == "Closed on Monday"


def test_names_in_addresses_are_made_of_titles_and_never_taken_twice(officer: Client):
    announce("kantor-tutup")
    assert begin(officer) == "/office/texts/announcement/kantor-tutup-2/"
    assert begin(officer) == "/office/texts/announcement/kantor-tutup-3/"
    assert begin(officer, title_id="…", title_en="") == "/office/texts/announcement/announcement/"
    assert begin(officer, title_id="Kabar " * 20) == f"/office/texts/announcement/{'kabar-' * 9}ka/"


# The preview


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_preview_is_what_members_see_once_it_is_published(officer: Client, language: str):
    path = begin(officer)
    preview = page(officer, f"{path}preview/{language}/")
    assert f'<html lang="{language}">' in preview
    assert "Preview: as members see it" in preview, "in the officer's own language"
    assert f'href="{path}"' in preview
    do(officer, path, "publish")
    shown = everybodys("/announcements/kantor-tutup/", language)
    strip = r'<div class="notice warn">.*?</div>\s*'
    assert re.sub(strip, "", main_of(preview)) == main_of(shown)
    assert page(officer, path).count(f"/preview/{language}/") == 1
    assert "/office/" not in shown


def test_the_preview_of_help_keeps_the_ways_out(officer: Client):
    path = f"/office/texts/help/{TOPIC}/"
    assert save(officer, path, **WORDS) == 302
    preview = page(officer, f"{path}preview/id/")
    assert "Kantor tutup" in main_of(preview)
    assert 'href="/recover/"' in main_of(preview)
    assert "Kantor tutup" not in everybodys(f"/help/{TOPIC}/", "id")


def test_the_preview_says_when_a_language_has_no_words(officer: Client):
    path = begin(officer, title_en="", body_en="")
    assert "Nothing is written in this language yet" in page(officer, f"{path}preview/en/")
    assert "Nothing is written" not in page(officer, f"{path}preview/id/")
    assert officer.get(f"{path}preview/fr/").status_code == 404


def test_what_an_officer_writes_cannot_leave_its_place(officer: Client):
    hostile = '"><script>alert(1)</script>[x](javascript:alert(1))'
    path = begin(officer, title_id=hostile, title_en=hostile, body_id=hostile, body_en=hostile)
    for shown in (page(officer, path), page(officer, f"{path}preview/en/"), page(officer, "/office/texts/")):
        assert "<script>alert" not in shown
        assert 'href="javascript' not in shown
        assert "&lt;script&gt;" in shown


# Forms


def upload(content: bytes, name: str = "apa-saja.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_form_is_put_up_and_gets_a_new_file_and_new_words(officer: Client):
    first, second = small_pdf(), small_pdf(root={"/Lang": generic.TextStringObject("id")})
    path = begin(officer, "form", content=upload(first))
    assert "Surat kuasa" not in everybodys("/forms/", "id")
    assert officer.get("/office/texts/form/surat-kuasa/file/").content == first
    assert "PDF, " in page(officer, f"{path}preview/id/")
    do(officer, path, "publish")
    assert Client().get("/forms/surat-kuasa/", follow=True).content == first
    assert save(officer, path, **{**PURPOSE, "purpose_en": "So that a friend can come."}) == 302
    do(officer, path, "publish")
    assert "So that a friend can come." in everybodys("/forms/", "en")
    assert Client().get("/forms/surat-kuasa/", follow=True).content == first, "the file stayed"
    save(officer, path, **PURPOSE, content=upload(second))
    assert save(officer, path, **PURPOSE) == 302
    do(officer, path, "publish")
    assert Client().get("/forms/surat-kuasa/", follow=True).content == second, "saved twice, the file once"
    assert officer.get("/office/texts/form/surat-kuasa/file/").status_code == 404
    do(officer, path, "end")
    assert "Surat kuasa" not in everybodys("/forms/", "id")


def test_a_form_without_a_file_is_not_published(officer: Client):
    path = begin(officer, "form")
    assert "has no file yet" in do(officer, path, "publish")
    assert not Form.objects.exists()


SCRIPT = {
    generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
    generic.pdf_name("/JS"): generic.TextStringObject("app.alert(1)"),
}
LAUNCH = {generic.pdf_name("/S"): generic.pdf_name("/Launch")}
FILES = {generic.pdf_name("/EmbeddedFiles"): generic.DictionaryObject()}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not one of PDF"),
        (b"PK\x03\x04 not a form", "not one of PDF"),
        (b"<!doctype html><script>", "not one of PDF"),
        (b"%PDF-1.7 nothing more\n%%EOF\n", "opened as a PDF"),
        (small_pdf()[:-200], "opened as a PDF"),
        (small_pdf(password="rahasia"), "opened as a PDF"),
        (small_pdf(root={"/OpenAction": generic.DictionaryObject(SCRIPT)}), "program or another file inside"),
        (small_pdf(root={"/OpenAction": generic.DictionaryObject(LAUNCH)}), "program or another file inside"),
        (small_pdf(root={"/Names": generic.DictionaryObject(FILES)}), "program or another file inside"),
        (small_pdf() + b" " * MOST_FORM_BYTES, "larger than 5 MB"),
    ],
    ids=["empty", "zip", "html", "no body", "cut", "locked", "script", "launch", "files", "large"],
)
def test_only_a_whole_quiet_small_pdf_is_taken(officer: Client, content: bytes, said: str):
    answer = officer.post("/office/texts/form/", {**PURPOSE, "content": upload(content)})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Draft.objects.exists()


def test_the_pdfs_of_the_demo_are_taken():
    from lumbung.cli import demoforms, demonews

    for _, form, *_ in demonews.FORMS:
        assert pdf.flaw(demoforms.pdf(form)) is None


# Help


@pytest.mark.parametrize("slug", list(helping.TOPICS))
def test_a_topic_starts_from_its_built_in_words(slug: str):
    told = drafts.built_in(slug)
    assert told["title_en"] == helping.TOPICS[slug].title
    assert told["title_id"] != told["title_en"]
    assert told["body_en"].count("\n") == len(helping.TOPICS[slug].steps) + 1
    assert told["body_en"].endswith(f"{len(helping.TOPICS[slug].steps)}. {helping.TOPICS[slug].steps[-1]}")


def test_an_officers_words_stand_for_the_built_in_ones_and_go_again(officer: Client, users: Users):
    path, shown = f"/office/texts/help/{TOPIC}/", f"/help/{TOPIC}/"
    built_in = everybodys(shown, "id")
    assert save(officer, path, **WORDS) == 302
    do(officer, path, "publish")
    for language in ("id", "en"):
        assert WORDS[f"title_{language}"] in everybodys("/help/", language)
        own = main_of(everybodys(shown, language))
        assert WORDS[f"title_{language}"] in own
        assert 'href="/recover/"' in own, "the way out is built in"
        assert WORDS[f"title_{language}"] in everybodys(f"/offline/{language}/", language)
    save(officer, path, **{**WORDS, "title_id": "Kode belum datang"})
    do(officer, path, "publish")
    assert "Kode belum datang" in everybodys(shown, "id")
    assert "built-in text is shown again" in do(officer, path, "end")
    assert plain_page(everybodys(shown, "id")) == plain_page(built_in)
    assert HelpText.objects.count() == 3, "each version is kept"
    assert "earlier version is your draft" in do(officer, path, "version", version="1")
    do(officer, path, "publish")
    assert "Kantor tutup" in everybodys(shown, "id")
    assert list(HelpText.objects.order_by("number").values_list("made_by", flat=True)) == [users.officer.pk] * 4
    assert page(officer, path).count("Take it into the draft") == 4
    for wrong in ("9", "x", "-1", ""):
        assert "Nothing with the name" in do(officer, path, "version", version=wrong)


def plain_page(text: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)


def test_the_same_words_make_no_new_version_and_the_built_in_ones_end_once(officer: Client):
    path = f"/office/texts/help/{TOPIC}/"
    for _ in range(2):
        save(officer, path, **WORDS)
        do(officer, path, "publish")
    assert HelpText.objects.count() == 1
    do(officer, path, "end")
    assert "Nothing with the name" in do(officer, path, "end")
    assert HelpText.objects.count() == 2


def test_help_stands_when_the_database_is_away(officer: Client, monkeypatch: pytest.MonkeyPatch):
    def away(*about: str) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(queries, "help_words", away)
    monkeypatch.setattr(queries, "help_titles", away)
    assert helping.TOPICS[TOPIC].title in everybodys(f"/help/{TOPIC}/", "en")
    assert helping.TOPICS[TOPIC].title in everybodys("/help/", "en")


@pytest.mark.parametrize("facts", [{"title_en": ""}, {"body_id": " "}])
def test_the_database_refuses_half_a_topic(users: Users, facts: dict[str, str]):
    whole = {"topic": TOPIC, "number": 1, "made_at": timezone.now(), **WORDS}
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpText.objects.create(**{**whole, **facts})


# Who may, and what it costs


def test_an_officer_without_a_second_factor_writes_nothing(officer: Client, users: Users):
    announce("jam-buka")
    Authenticator.objects.filter(user=users.officer).delete()
    path = "/office/texts/announcement/jam-buka/"
    for answer in (
        officer.get("/office/texts/"),
        officer.get(path),
        officer.get(f"{path}preview/id/"),
        officer.post(path, WORDS),
        officer.post("/office/texts/announcement/", WORDS),
        officer.post(f"{path}end/"),
    ):
        assert answer["Location"] == "/office/account/log-in/"
    assert not Draft.objects.exists()
    assert not Edit.objects.filter(by=users.officer).exists()


def test_nothing_is_taken_without_the_offices_token(officer: Client, users: Users):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = officer.cookies
    for path in ("announcement/", "announcement/jam-buka/publish/", f"help/{TOPIC}/"):
        assert strict.post(f"/office/texts/{path}", WORDS).status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize("kind", ["nothing", "help", "announcements"])
def test_what_is_no_kind_of_text_is_not_there(officer: Client, kind: str):
    assert officer.get(f"/office/texts/{kind}/").status_code == 404
    assert officer.get(f"/office/texts/{kind}/tidak-ada/").status_code == 404


def test_everybodys_pages_ask_the_database_little(
    officer: Client, published: None, django_assert_max_num_queries: Any
):
    save(officer, f"/office/texts/help/{TOPIC}/", **WORDS)
    do(officer, f"/office/texts/help/{TOPIC}/", "publish")
    for path in ("/", "/announcements/", "/announcements/jam-buka/", "/forms/", "/help/", f"/help/{TOPIC}/"):
        with django_assert_max_num_queries(2):
            assert Client().get(path).status_code == 200


def test_the_list_of_texts_does_not_grow_with_what_was_published(
    officer: Client, django_assert_max_num_queries: Any
):
    for number in range(25):
        announce(f"kabar-{number:02}", published_from=date(2025, 1, 1) + timedelta(days=number))
    put("kuasa")
    with django_assert_max_num_queries(16):
        shown = page(officer, "/office/texts/")
    assert shown.count("/office/texts/announcement/kabar-") == 20
    assert "kabar-00" in page(officer, "/office/texts/?page=2")
