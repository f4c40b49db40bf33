"""My data: all tables that have to do with a person are handed out or left out with a reason; only to himself."""

import json
import time
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from door_users import Users
from letterbox import EMAIL, PHONE, give_contacts, mails, texts
from lives import LIVES, forty_years
from proofs import proven

from lumbung.accounts.models import AccessEvent, User
from lumbung.casework.evidence import actions as evidence
from lumbung.casework.evidence.queries import NewPage
from lumbung.config.doors import MEMBER
from lumbung.mydata import queries
from lumbung.mydata.held import HELD, LEFT_OUT, key_of
from lumbung.mydata.words import LABELS, MONEY
from lumbung.profiles import actions as profiles
from lumbung.registry.address import Address
from lumbung.registry.models import MemberNumber, Person

Enter = Callable[[User], Client]


def take(client: Client, kind: str = "json", language: str = "en") -> HttpResponse:
    answer: HttpResponse = client.post("/account/data/", {"as": kind}, headers={"Accept-Language": language})
    return answer


def sections(client: Client) -> dict[str, list[dict[str, Any]]]:
    answer = take(client)
    assert answer.status_code == 200, answer.content
    return dict(json.loads(answer.content)["sections"])


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return text.replace("\u200b", "").replace("\ufffe", "").replace("\r", "")


# What is handed out


def has_to_do_with_people(model: type[Model]) -> bool:
    """Whether it names a person, a user or a member number, or is found by a phone or an address."""
    for field in model._meta.concrete_fields:
        if field.related_model in (Person, User, MemberNumber) or field.name == "member_number":
            return True
        if field.name in {"to_index", "sender_index"}:
            return True
    return False


def test_every_table_about_people_is_handed_out_or_left_out_with_a_reason():
    about = {model._meta.label for model in apps.get_models() if has_to_do_with_people(model)}
    told = [each.model for each in HELD]
    assert about - set(told) - set(LEFT_OUT) == set(), (
        "add it to mydata.held: handed out, or left out with a reason"
    )
    assert {each for each in LEFT_OUT if each in told} == set()
    assert all(apps.get_model(label) and len(why) > 20 for label, why in LEFT_OUT.items())
    assert len(set(told)) == len(told)


def test_the_walk_finds_a_table_that_is_in_neither_list():
    assert has_to_do_with_people(apps.get_model("profiles.Heir"))
    assert has_to_do_with_people(apps.get_model("ledger.MemberLine"))
    assert has_to_do_with_people(apps.get_model("messaging.OutboundMail"))
    assert not has_to_do_with_people(apps.get_model("publications.Form"))


@pytest.mark.parametrize("each", HELD, ids=lambda each: each.name)
def test_every_column_is_handed_out_or_hidden(each: Any):
    model = apps.get_model(each.model)
    there = {field.name for field in model._meta.concrete_fields}
    told = {path for path in each.columns if "__" not in path}
    assert told | set(each.hidden) >= there, "a new column is handed out, or hidden"
    assert not told & set(each.hidden)
    assert set(each.hidden) <= there
    keys = [key_of(path) for path in each.columns]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= set(LABELS)


def test_no_label_and_no_sum_is_left_from_a_column_that_is_gone():
    keys = {key_of(path) for each in HELD for path in each.columns}
    assert set(LABELS) == keys
    assert keys >= MONEY


@pytest.fixture
def sari(paid: Users) -> User:
    """Sari with something in most of the tables."""
    user, now = paid.member, timezone.now()
    give_contacts(user)
    here = {"place": "member", "now": now}
    profiles.set_address(
        user, Address("Jl. Melati 12", "", "", "Suka", "Maju", "Depok", "Jawa Barat", "16415"), **here
    )
    profiles.add_heir(user, profiles.NewHeir("Budi Uji", "child", 1), **here)
    profiles.set_bank_account(user, bank="014", number="1234567890", holder="Sari Uji", **here)
    assert user.person is not None
    page = NewPage(b"\xff\xd8\xffpicture", 10, 20, scanned=False)
    facts = {"what": "name", "name": "Sari Uji Benar", "why": "KTP"}
    evidence.open_with_evidence("correction", user.person, facts, [page], user=user, **here)
    return user


def test_the_file_holds_what_is_known_and_nothing_of_others(sari: User, enter: Enter):
    told = sections(proven(enter(sari), MEMBER))
    assert list(told) == [each.name for each in HELD]
    assert told["person"][0]["name"] == "Sari Uji"
    assert told["person"][0]["birth_date"] == "1990-01-01"
    assert told["person"][0]["address"]["city"] == "Depok"
    assert told["heirs"][0]["name"] == "Budi Uji"
    assert told["bank_accounts"][0]["number"] == "1234567890"
    (line,) = told["contributions"]
    assert (line["member_number"], line["month"], line["wage"]) == ("10000000001", "2025-10-01", 5_000_000)
    assert line["employer"] == "PT Contoh"
    assert told["balances"][0]["contribution_total"] == 285_000
    assert told["requests"][0]["facts"]["name"] == "Sari Uji Benar"
    assert told["request_pages"][0]["image"] == "/9j/cGljdHVyZQ=="
    assert {each["what"] for each in told["access_log"]} >= {"address_changed", "heirs_changed", "bank_changed"}
    assert told["log_in_phone"][0]["number"] == PHONE
    assert len(told["texts_to_me"]) == len(told["mails_to_me"]) == 3
    text = json.dumps(told)
    for other in ("Joko", "10000000002", "7000000", "argon2", "petugas.uji"):
        assert other not in text


def test_the_document_says_the_same_in_both_languages(sari: User, enter: Enter):
    client = proven(enter(sari), MEMBER)
    for language, said in {
        "en": ("Everything that is held about me", "Budi Uji", "Child", "5,000,000", "BCA", "On these pages",
               "The list of heirs was changed."),
        "id": ("Semua data tentang saya", "Budi Uji", "Anak", "5.000.000", "BCA", "Daftar ahli waris diubah."),
    }.items():  # fmt: skip
        answer = take(client, "pdf", language)
        assert answer["Content-Type"] == "application/pdf"
        text = words_of(answer.content)
        for word in said:
            assert word in text.replace("\n", " "), (language, word)


# Who may, and what is noted


def test_it_asks_for_the_password_first_and_is_kept_by_nobody(sari: User, enter: Enter):
    client = enter(sari)
    for answer in (client.get("/account/data/"), take(client), take(client, "pdf")):
        assert answer["Location"] == "/reauthenticate/?next=%2Faccount%2Fdata%2F"
    proven(client, MEMBER)
    page = client.get("/account/data/", headers={"Accept-Language": "en"}).content.decode()
    assert "UU 27/2022" in page
    assert "What is not in it, and why" in page
    for kind in ("json", "pdf"):
        answer = take(client, kind)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert take(client, "xml").headers["Content-Type"].startswith("text/html")


def test_each_time_is_noted_and_told_and_not_too_often(sari: User, enter: Enter):
    client = proven(enter(sari), MEMBER)
    before = len(texts(PHONE)), len(mails(EMAIL))
    assert [take(client).status_code for _ in range(6)] == [200] * 5 + [429]
    assert AccessEvent.objects.filter(person=sari.person, what="data_taken").count() == 5
    assert (len(texts(PHONE)), len(mails(EMAIL))) == (before[0] + 1, before[1] + 1)
    assert "Sari" not in texts(PHONE)[-1]


# Whole lives


def asked(life: User) -> int:
    with CaptureQueriesContext(connection) as context:
        queries.everything(life)
    return len(context)


@pytest.mark.django_db
def test_forty_years_take_as_many_questions_as_a_month_and_little_time(enter: Enter):
    long, short = forty_years().user, LIVES["one month"]().user
    assert asked(long) == asked(short) < 50
    client = proven(enter(long), MEMBER)
    started = time.process_time()
    told = sections(client)
    spent_json = time.process_time() - started
    assert len(told["contributions"]) == 480
    assert len(told["bookings"]) >= 480
    text = words_of(take(client, "pdf").content)
    assert "Every booking" in text
    spent = time.process_time() - started
    print(f"480 months: JSON {spent_json:.2f} s, with PDF {spent:.2f} s")
    assert spent < 60


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing", "three numbers", "paid out", "frozen"])
def test_every_life_has_its_data(name: str, enter: Enter):
    life = LIVES[name]()
    client = proven(enter(life.user), MEMBER)
    if name == "frozen":
        assert client.get("/account/data/").status_code == 200
        assert take(client).status_code == 403, "whoever took the account over takes nothing away"
        return
    told = sections(client)
    assert {each["number"] for each in told["member_numbers"]} == set(life.numbers)
    assert take(client, "pdf").content.startswith(b"%PDF-")
