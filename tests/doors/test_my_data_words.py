"""My data in words: no code, no key and no bare day or amount in the document, and each explained in the file."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, TextField
from django.test import Client
from django.utils import timezone, translation
from door_users import Users
from letterbox import give_contacts
from proofs import proven
from test_my_data import take, words_of

from lumbung.accounts.inbox import actions as inbox
from lumbung.accounts.models import ContactChange, ReadOnly, User
from lumbung.casework import disputes
from lumbung.casework.actions import open_case
from lumbung.casework.models import Case
from lumbung.config.doors import MEMBER
from lumbung.contributions.payslips import actions as payslips
from lumbung.encryption import EncryptedText
from lumbung.law.month import Month
from lumbung.messaging.actions import take_in
from lumbung.mydata import queries, saying
from lumbung.mydata.codes import CODES, FREE
from lumbung.mydata.held import HELD, key_of
from lumbung.papers import actions as papers
from lumbung.profiles import actions as profiles
from lumbung.profiles.consents import actions as consents
from lumbung.profiles.consents.purposes import PURPOSES
from lumbung.registry.models import SelfEmployment
from lumbung.sms.commands import What

Enter = Callable[[User], Client]
LANGUAGES = ("en", "id")


def field_of(model: Any, path: str) -> Any:
    first, _, rest = path.partition("__")
    field = model._meta.get_field(first)
    return field_of(field.related_model, rest) if rest else field


def columns() -> Iterator[tuple[str, str, Any]]:
    for each in HELD:
        for path in each.columns:
            yield each.name, key_of(path), field_of(apps.get_model(each.model), path)


def test_every_column_of_words_is_a_code_with_meanings_or_free():
    for table, key, field in columns():
        choices = {code for code, _ in field.choices or ()}
        if choices:
            assert choices <= set(CODES[table, key]), f"say in mydata.codes what each of {table}.{key} means"
        elif isinstance(field, CharField | TextField | EncryptedText):
            is_told = (table, key) in CODES or key in FREE or (table, key) == ("payslips", "wage")
            assert is_told, f"{table}.{key} holds words: are they codes (mydata.codes.CODES), or free?"
    assert set(CODES) <= {(table, key) for table, key, _ in columns()}


def test_what_a_text_came_to_has_words(request: pytest.FixtureRequest):
    door = request.config.rootpath / "src/lumbung/sms"
    said = {word for path in door.rglob("*.py") for word in re.findall(r'Verdict\(\s*"(\w+)"', path.read_text())}
    assert "malformed" in said
    said |= {what.value for what in What}
    assert said <= set(CODES["texts_from_me", "outcome"]), "say in mydata.codes what it means"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_has_words_of_the_language(language: str):
    with translation.override(language):
        for (table, key), known in CODES.items():
            for code, sentence in known.items():
                said = saying.said(table, key, code)
                assert said, (table, key, code)
                assert said != code, (table, key, code)
                names = key in {"language", "bank"}
                assert language == "en" or names or said != sentence or said == "Program", (table, key, said)


@pytest.fixture
def busy(paid: Users) -> User:
    """Sari with a row in nearly every table that holds a code."""
    user, now = paid.member, timezone.now()
    person, number = user.person, "10000000001"
    assert person is not None
    give_contacts(user)
    here = {"place": "member", "now": now}
    profiles.add_heir(user, profiles.NewHeir("Budi Uji", "parent_in_law", 1), **here)
    profiles.set_bank_account(user, bank="014", number="1234567890", holder="Sari Uji", **here)
    consents.give(user, "news", version=1, text=PURPOSES["news"].text, language="id", **here)
    employer = paid.employer.employer
    assert employer is not None
    payslips.keep({(number, employer.pk, Month(2025, 10)): 6_000_000}, now=now)
    claim = disputes.Claim(number, employer.pk, employer.name, {Month(2025, 10): 6_000_000})
    facts = disputes.as_facts(claim, "Tunjangan tidak dilaporkan.")
    open_case(Case.Kind.DISPUTE, person, facts, user=user, subject=claim.subject, **here)
    asked = {"what": "birth_date", "birth_date": "1990-12-31", "why": "Lihat KTP."}
    open_case(Case.Kind.CORRECTION, person, asked, user=user, **here)
    papers.issue_card(person, user=user, issuer="lumbung.example", **here)
    papers.tell_year(person, 2025, user=user, **here)
    browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"
    inbox.tell(user, "new_device", now=now, at=now, device=browser)
    inbox.tell(user, "request_refused", now=now, note="Slip upah tidak terbaca.")
    ContactChange.objects.create(
        user=user, kind="email", old="", new="s•••@example.org", changed_at=now, cools_until=now.replace(year=2999)
    )
    ReadOnly.objects.create(user=user, cause="locked", since=now, lifted_at=now)
    SelfEmployment.objects.create(
        member_number_id=number, income=2_000_000, old_age=True, sector="transport", starts=now.date()
    )
    take_in(gateway="test", gateway_id="1", sender="+6281200000001", recipient="2757", body="SALDO", sent_at=None,
            now=now)  # fmt: skip
    return user


BARE = {
    "a name with underscores": re.compile(r"\b[a-z]+(?:_[a-z]+)+\b"),
    "a truth of the program": re.compile(r"\b(?:True|False|None|null)\b"),
    "a day as programs write it": re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b"),
    "data as programs write them": re.compile(r"[{}]|\[\]"),
    "an amount without marks": re.compile(r"\b(?:6000000|5000000|2000000)\b"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_holds_no_bare_code(busy: User, enter: Enter, language: str):
    answer = take(proven(enter(busy), MEMBER), "pdf", language)
    text = words_of(answer.content)
    signed = re.compile(r"\b[A-Za-z0-9_.:-]{40,}")  # the card's own text is a code, and called one
    flat = signed.sub(" ", text.replace("\n", " "))
    found = {name: pattern.findall(flat) for name, pattern in BARE.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_is_a_code(busy: User, language: str):
    codes = {code for known in CODES.values() for code in known if code and not code.isdigit()}
    with translation.override(language):
        tables = [saying.told(each) for each in queries.everything(busy)]
    cells = {cell for table in tables for row in table.rows for cell in row}
    assert cells & codes == set()
    written = " ".join(cells)
    for words in {
        "en": ("Father-in-law", "31 December 1990", "October 2025 Rp 6,000,000", "6,000,000", "Driver or carrier",
               "Locked", "E-mail", "News of the fund", "on a computer (Linux)", "Slip upah tidak terbaca.",
               "Oct 2025", "Contributions of the year: Rp 285,000", "A membership card was made.", "yes", "no"),
        "id": ("Mertua", "31 Desember 1990", "Oktober 2025 Rp 6.000.000", "Dikunci", "Okt 2025", "ya", "tidak",
               "Iuran tahun itu: Rp 285.000"),
    }[language]:  # fmt: skip
        assert words in written, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_explains_every_code_in_it(busy: User, enter: Enter, language: str):
    told = json.loads(take(proven(enter(busy), MEMBER), "json", language).content)
    assert told["language"] == language
    assert list(told["meanings"]) == list(told["sections"])
    for table, rows in told["sections"].items():
        meanings = told["meanings"][table]
        for row in rows:
            assert set(row) - {"title", "text"} <= set(meanings["columns"])
            for key, known in meanings["codes"].items():
                assert (row[key] or "") in {"", *known}, (table, key, row[key])
    assert told["sections"]["payslips"][0]["wage"] == 6_000_000
    titles = {row["title"] for row in told["sections"]["inbox"]}
    assert titles & {"Your request was refused", "Permintaan Anda ditolak"}
