"""A member's card: made, shown, kept, checked by anybody, replaced, withdrawn, and told apart from every other."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import jwt
import pytest
from click.testing import CliRunner, Result
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from door_users import Users
from papercheck import OTHER_FUND, code_in, code_in_pdf, forged, said_of, verdict_of

from lumbung.accounts.models import AccessEvent, ReadOnly, User
from lumbung.cli import main
from lumbung.papers import actions, keys, queries
from lumbung.papers.checking import WORDS, Verdict
from lumbung.papers.errors import NoSuchPaper
from lumbung.papers.models import Paper
from lumbung.registry.models import MemberNumber, Person

Enter = Callable[[User], Client]
LONG_NAME = "Raden Mas Haji Muhammad Abdurrahman Kusumawardhana Prawiro D"


@pytest.fixture
def sari(paid: Users, enter: Enter) -> Client:
    """Sari in her browser, in English, with a card made just now."""
    client = enter(paid.member)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert client.post("/card/make/").status_code == 302
    return client


def text_of(client: Client) -> str:
    page = unescape(client.get("/card/").content.decode())
    return str(re.search(r"ey[\w-]+\.[\w-]+\.[\w-]+", page)[0])  # type: ignore[index]


def command(*words: str, given: str = "") -> Result:
    return CliRunner().invoke(main, ["card", *words], input=given)


@pytest.fixture
def key_file(db: None, tmp_path: Path) -> str:
    """The fund's public keys, as anybody may fetch them."""
    answer = Client().get("/.well-known/lumbung-keys.json")
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    assert "public" in answer.headers["Cache-Control"]
    path = tmp_path / "keys.json"
    path.write_bytes(answer.content)
    return str(path)


def test_screen_pdf_and_picture_carry_one_code_in_both_languages(sari: Client, tmp_path: Path):
    text = text_of(sari)
    page = sari.get("/card/").content.decode()
    assert "Sari Uji" in page
    assert "••••••0001" in page
    assert "10000000001" not in page
    for language in ("id", "en"):
        picture, pdf = (sari.get(f"/card/{language}/{form}/") for form in ("png", "pdf"))
        assert code_in(picture.content) == text
        assert code_in_pdf(pdf.content, tmp_path) == text
        assert picture.headers["Content-Type"] == "image/png"
        assert "attachment" in pdf.headers["Content-Disposition"]
        assert "Sari" not in pdf.headers["Content-Disposition"]
    assert sari.get("/card/fr/pdf/").status_code == sari.get("/card/id/gif/").status_code == 404


def test_a_program_that_is_not_ours_checks_the_code_with_the_published_key(sari: Client, key_file: str):
    text = code_in(sari.get("/card/id/png/").content)
    published = {key["kid"]: key for key in json.loads(Path(key_file).read_text())["keys"]}
    key = published[jwt.get_unverified_header(text)["kid"]]
    assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}, "no private part"
    said = jwt.decode(text, jwt.PyJWK(key), algorithms=["EdDSA"], options={"verify_iat": False})
    assert said["name"] == "Sari Uji"
    assert said["no"] == "0001"
    assert said["iss"] == "http://localhost:8000"
    assert date.fromisoformat(said["on"]) == timezone.localdate()
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged(text), jwt.PyJWK(key), algorithms=["EdDSA"])


def test_a_check_tells_them_all_apart_in_words_and_by_exit_codes(sari: Client, key_file: str):
    """Newest, replaced, withdrawn, forged, another fund's, and signed by us yet never issued."""
    old = text_of(sari)
    sari.post("/card/make/")
    text = text_of(sari)
    payload = jwt.decode(text, options={"verify_signature": False})
    papers = {
        Verdict.NEWEST: text,
        Verdict.REPLACED: old,
        Verdict.ALTERED: forged(text),
        Verdict.OTHER_KEY: OTHER_FUND.sign(payload),
        Verdict.NOT_ON_RECORD: keys.keyring().sign({**payload, "name": "Orang Lain"}),
        Verdict.UNREADABLE: "https://contoh.test/kartu",
    }
    for verdict, each in papers.items():
        page = unescape(said_of(each))
        assert WORDS[verdict][0] in page
        assert WORDS[verdict][1] in page
        for other in set(Verdict) - {verdict}:
            assert WORDS[other][1] not in page
        assert verdict_of(each) == verdict
        is_shown = verdict in {Verdict.NEWEST, Verdict.REPLACED}
        assert ("Sari Uji" in page) is is_shown, "only what is signed is repeated"
    offline = {verdict: command("verify", each, "--keys", key_file) for verdict, each in papers.items()}
    assert {verdict: done.exit_code for verdict, done in offline.items()} == {
        Verdict.NEWEST: 0, Verdict.REPLACED: 0, Verdict.NOT_ON_RECORD: 0,  # without the fund's records
        Verdict.ALTERED: 5, Verdict.OTHER_KEY: 6, Verdict.UNREADABLE: 1,
    }  # fmt: skip
    for verdict in (Verdict.ALTERED, Verdict.OTHER_KEY):
        assert offline[verdict].stdout.startswith(f"{WORDS[verdict][0]}. {WORDS[verdict][1]}")
        assert "Sari" not in offline[verdict].stdout
    assert WORDS[Verdict.RIGHT][1] in offline[Verdict.NEWEST].stdout
    assert "Sari Uji" in offline[Verdict.NEWEST].stdout


def test_the_command_asks_the_fund_when_it_is_given_its_address(sari: Client, monkeypatch: pytest.MonkeyPatch):
    from lumbung.cli import card

    def answered(*args: object, **more: object) -> bytes:
        method, source, path = args
        assert source == "https://dana.contoh.test"
        client = Client(headers=more.get("headers") or {})  # type: ignore[arg-type]
        answer = client.get(path) if method == "GET" else client.post(path, more["data"])
        assert answer.status_code == 200
        return bytes(answer.content)

    monkeypatch.setattr(card, "_fetched", answered)
    old = text_of(sari)
    sari.post("/card/make/")
    for text, verdict, status in ((old, Verdict.REPLACED, 3), (text_of(sari), Verdict.NEWEST, 0)):
        done = command("verify", text, "--keys", "https://dana.contoh.test")
        assert done.exit_code == status
        assert WORDS[verdict][1] in done.stdout
    sari.post("/card/withdraw/")
    done = command("verify", text, "--keys", "https://dana.contoh.test", "--json")
    assert done.exit_code == 4
    assert json.loads(done.stdout)["verdict"] == "withdrawn"


def test_the_command_reads_pictures_and_pdf_files_and_the_input(sari: Client, key_file: str, tmp_path: Path):
    for form in ("png", "pdf"):
        path = tmp_path / f"card.{form}"
        path.write_bytes(sari.get(f"/card/id/{form}/").content)
        done = command("verify", str(path), "--keys", key_file)
        assert done.exit_code == 0, done.output
        assert "Sari Uji" in done.stdout
    assert command("verify", "-", "--keys", key_file, given=text_of(sari)).exit_code == 0
    for content in (b"", b"no picture", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\n"):
        path.write_bytes(content)
        done = command("verify", str(path), "--keys", key_file)
        assert done.exit_code == 1
        assert "Traceback" not in done.output
    assert command("verify", "/nowhere/card.png", "--keys", key_file).exit_code == 1
    assert command("verify", text_of(sari), "--keys", "/nowhere/keys.json").exit_code == 1


def test_an_old_card_is_over_after_its_last_day(sari: Client, key_file: str, clock: Callable[[timedelta], None]):
    text = text_of(sari)
    clock(timedelta(days=actions.CARD_DAYS - 1))
    assert verdict_of(text) == Verdict.NEWEST
    clock(timedelta(days=2))
    assert verdict_of(text) == Verdict.EXPIRED
    assert WORDS[Verdict.EXPIRED][1] in unescape(said_of(text))


def test_the_command_says_of_an_old_card_that_it_is_old(db: None, users: Users, key_file: str):
    long_ago = datetime(2024, 1, 5, 3, tzinfo=UTC)
    person = users.member.person
    assert person is not None
    paper = actions.issue_card(
        person, user=users.member, issuer="https://contoh.test", place="member", now=long_ago
    )
    assert paper.text is not None
    done = command("verify", paper.text, "--keys", key_file)
    assert done.exit_code == 3
    assert WORDS[Verdict.EXPIRED][1] in done.stdout
    assert queries.last_day(paper) == date(2025, 1, 4)


def test_a_withdrawn_card_is_told_and_another_can_be_made(sari: Client):
    text = text_of(sari)
    sari.post("/card/withdraw/")
    assert verdict_of(text) == Verdict.WITHDRAWN
    assert "Make my card" in sari.get("/card/").content.decode()
    assert "nothing was changed" in sari.post("/card/withdraw/", follow=True).content.decode().lower()
    sari.post("/card/make/")
    assert verdict_of(text_of(sari)) == Verdict.NEWEST
    assert verdict_of(text) == Verdict.WITHDRAWN
    assert sorted(AccessEvent.objects.values_list("what", flat=True)) == [
        "card_made",
        "card_made",
        "paper_withdrawn",
    ]


def test_the_office_withdraws_by_the_papers_number(sari: Client):
    text, reference = text_of(sari), Paper.objects.get().reference
    assert command("withdraw", reference).exit_code == 0
    assert verdict_of(text) == Verdict.WITHDRAWN
    assert command("withdraw", reference).exit_code == 1
    with pytest.raises(NoSuchPaper):
        actions.withdraw("AAAAAAAAAAAAAAAA", place="cli", now=timezone.now())


def test_another_member_has_another_card(sari: Client, paid: Users, enter: Enter):
    joko = enter(paid.other_member)
    assert joko.get("/card/id/png/").status_code == 404
    joko.post("/card/make/")
    assert "Sari" not in joko.get("/card/").content.decode()
    assert verdict_of(text_of(sari)) == verdict_of(text_of(joko)) == Verdict.NEWEST


def test_a_person_has_one_card_that_stands_whatever_happens(sari: Client):
    paper = Paper.objects.get()
    with pytest.raises(IntegrityError, match="paper_one_card"), transaction.atomic():
        Paper.objects.create(
            kind="card", person=paper.person, reference="B" * 16, digest=b"x", text="x",
            issued_at=paper.issued_at, expires_at=paper.expires_at,
        )  # fmt: skip


def test_who_is_not_active_and_has_nothing_gets_a_card_that_says_so(users: Users, enter: Enter, tmp_path: Path):
    Person.objects.filter(pk=users.member.person_id).update(name=LONG_NAME)
    for number in ("10000000011", "10000000012"):
        MemberNumber.objects.create(number=number, person_id=users.member.person_id)
    client = enter(users.member)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "id"
    client.post("/card/make/")
    page = client.get("/card/").content.decode()
    assert "Tidak aktif pada" in page
    assert "Terlindungi untuk" not in page
    for ending in ("0001", "0011", "0012"):
        assert f"••••••{ending}" in page
    text = code_in_pdf(client.get("/card/id/pdf/").content, tmp_path)
    assert text == code_in(client.get("/card/en/png/").content) == text_of(client)
    said = jwt.decode(text, options={"verify_signature": False})
    assert (said["name"], said["no"], said["for"]) == (LONG_NAME, "0001 0011 0012", "")
    assert "Not active on" in said_of(text)


def test_while_the_account_only_shows_a_first_card_may_be_made_and_none_replaced(users: Users, enter: Enter):
    now = timezone.now()
    ReadOnly.objects.create(user=users.member, cause="recovered", since=now, until=now + timedelta(days=6))
    client = enter(users.member)
    assert client.post("/card/make/").status_code == 302
    text = text_of(client)
    assert client.get("/card/id/pdf/").status_code == 200
    assert client.post("/card/make/").status_code == 403
    assert client.post("/card/withdraw/").status_code == 403
    assert verdict_of(text) == Verdict.NEWEST
    assert client.post("/verify/", {"text": text}).status_code == 200


def test_the_pages_ask_little_of_the_database(sari: Client):
    text = text_of(sari)
    for ask in (lambda: sari.get("/card/"), lambda: Client().get("/keys/"), lambda: said_of(text)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ask()
        own = [
            q["sql"]
            for q in asked
            if not re.search(r"django_session|lumbung_cache|accounts_user|SAVEPOINT", q["sql"])
        ]
        assert len(own) <= 5, own


def test_a_check_keeps_nothing_and_sets_no_cookie(sari: Client):
    text = text_of(sari)
    before = AccessEvent.objects.count()
    client = Client()
    answer = client.post("/verify/", {"text": text})
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]
    assert AccessEvent.objects.count() == before
    assert client.post("/verify/", {"text": ""}).status_code == 400
    assert client.post("/verify/", {"text": "x" * 5000}).status_code == 400
    assert client.post("/verify/", {"text": "\0"}).status_code in {200, 400}


def test_the_card_is_to_be_kept_and_nothing_is_deleted(sari: Client):
    page = sari.get("/card/", headers={"Accept-Language": "id"}).content.decode()
    assert "<h2>Simpan kartu ini</h2>" in page
    assert "Jangan hapus" not in page


def test_making_papers_is_bounded(sari: Client, settings: object):
    limits = settings.ACCOUNT_RATE_LIMITS  # type: ignore[attr-defined]
    assert limits["make_paper"] == "20/10m/user,100/d/user"
    settings.ACCOUNT_RATE_LIMITS = {**limits, "make_paper": "3/10m/user"}  # type: ignore[attr-defined]
    assert [sari.get("/card/id/png/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert sari.post("/card/make/").status_code == 429


def test_the_page_of_keys_shows_the_key_and_the_certificate(db: None):
    page = Client(headers={"Accept-Language": "en"}).get("/keys/").content.decode()
    assert keys.keyring().present.key_id in page
    assert keys.keyring().present.jwk["x"] in page
    pem = Client().get("/keys/certificate.pem").content
    assert pem.startswith(b"-----BEGIN CERTIFICATE-----")


def test_a_new_key_can_be_made_and_the_old_one_goes_on_counting(sari: Client, settings: object):
    text = text_of(sari)
    old = keys.keyring().present
    made = command("new-key").stdout
    settings.LUMBUNG_PAPER_OLD_KEYS = re.search(r"# ([\w+/]{43}=)", command("new-key").stdout)[1]  # type: ignore
    settings.LUMBUNG_PAPER_KEY = re.search(r"LUMBUNG_PAPER_KEY=(\S+)", made)[1]  # type: ignore
    assert verdict_of(text) == Verdict.OTHER_KEY
    from base64 import b64encode

    settings.LUMBUNG_PAPER_OLD_KEYS = b64encode(old.raw).decode()  # type: ignore[attr-defined]
    assert verdict_of(text) == Verdict.NEWEST
    assert old.key_id in Client().get("/keys/").content.decode()
