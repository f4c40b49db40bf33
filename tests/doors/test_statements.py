"""Statements, every figure from the books, signed so that programs not ours agree; and the yearly page."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore

import jwt
import pypdfium2
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from door_users import Users
from paid_months import pay
from papercheck import OTHER_FUND, code_in_pdf, forged, said_of, verdict_of
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from lumbung.accounts.models import AccessEvent, ReadOnly, User
from lumbung.cli import main
from lumbung.cli.home import paper_secrets
from lumbung.contributions.queries import Paid
from lumbung.development import actions as development
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.papers import actions, keys
from lumbung.papers.checking import WORDS, Verdict
from lumbung.papers.contents import Issue, Statement
from lumbung.papers.drawing import House
from lumbung.papers.errors import BadPeriod, TooBusy, TooLong
from lumbung.papers.models import Paper, YearTold
from lumbung.papers.sealing import sealed
from lumbung.papers.statements import drawing, queries
from lumbung.papers.statements.account import Account, Line, What
from lumbung.papers.statements.queries import Period
from lumbung.papers.years import queries as years
from lumbung.registry.actions import NewEmployment, register_employer, start_employments
from lumbung.registry.models import MemberNumber, Person

Enter = Callable[[User], Client]
SARI, SECOND, THIRD = "10000000001", "10000000011", "10000000012"
HOUSE = House("Lumbung", "#5a2a1c", "https://dana.contoh.test/verify/", is_demo=False)
OCTOBER = {
    "period": "own",
    "first_day": "1",
    "first_month": "1",
    "first_year": "2025",
    "last_day": "30",
    "last_month": "11",
}
OCTOBER |= {"last_year": "2025", "language": "en"}


@pytest.fixture
def sari(paid: Users, enter: Enter) -> Client:
    client = enter(paid.member)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def person_of(users: Users) -> Person:
    assert users.member.person is not None
    return users.member.person


def made(client: Client, **changed: str) -> bytes:
    answer = client.post("/statement/", OCTOBER | changed)
    assert answer.status_code == 200, answer.content.decode()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    return bytes(answer.content)


def words(pdf: bytes) -> str:
    """The text of all pages, as pdfium finds it."""
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def status_of(pdf: bytes) -> PdfSignatureStatus:
    """What pyHanko's own validator finds, which trusts nothing but the fund's published certificate."""
    pem = Client().get("/keys/certificate.pem").content
    trusted = ValidationContext(trust_roots=[_loaded(pem)], allow_fetching=False)
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, signer_validation_context=trusted)


def _loaded(pem: bytes) -> object:
    from asn1crypto import pem as armour
    from asn1crypto import x509

    return x509.Certificate.load(armour.unarmor(pem)[2])


@pytest.fixture(scope="session")
def pdfsig() -> str:
    found = shutil.which("pdfsig")
    if found is None:
        pytest.skip("pdfsig is missing; install it: apt-get install --no-install-recommends poppler-utils")
    return found


def test_pyhankos_validator_finds_the_signature_whole_and_trusted(sari: Client):
    status = status_of(made(sari))
    assert status.bottom_line
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"


def test_pdfsig_finds_it_valid_and_a_flipped_byte_makes_it_invalid(sari: Client, tmp_path: Path, pdfsig: str):
    pdf = made(sari)
    at = pdf.index(b"stream", 2000) + 40
    for name, content, told in (
        ("right", pdf, "Signature is Valid."),
        ("wrong", pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :], "Digest Mismatch."),
    ):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        said = subprocess.run([pdfsig, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
        assert told in said
        assert "ETSI.CAdES.detached" in said
        assert "Total document signed" in said
    assert not status_of(path.read_bytes()).bottom_line


def test_another_funds_certificate_is_not_trusted(sari: Client, settings: object):
    other = paper_secrets()
    pdf = made(sari)
    settings.LUMBUNG_SIGNER = other["LUMBUNG_SIGNER"]  # type: ignore[attr-defined]
    settings.LUMBUNG_SIGNER_PASSWORD = other["LUMBUNG_SIGNER_PASSWORD"]  # type: ignore[attr-defined]
    status = status_of(pdf)
    assert status.intact
    assert not status.trusted
    assert status_of(made(sari)).bottom_line


def test_the_code_says_the_same_and_is_told_from_a_forged_and_a_foreign_one(sari: Client, tmp_path: Path):
    text = code_in_pdf(made(sari), tmp_path)
    key = jwt.PyJWK(Client().get("/.well-known/lumbung-keys.json").json()["keys"][0])
    said = jwt.decode(text, key, algorithms=["EdDSA"], options={"verify_iat": False})
    assert (said["doc"], said["from"], said["to"]) == ("statement", "2025-01-01", "2025-11-30")
    assert (said["open"], said["close"]) == (0, ledger.balance(SARI, date(2025, 11, 30)).old_age_balance)
    page = unescape(said_of(text))
    assert WORDS[Verdict.NEWEST][1] in page
    assert "Rp 285,000" in page
    assert verdict_of(forged(text)) == Verdict.ALTERED
    assert verdict_of(OTHER_FUND.sign(said)) == Verdict.OTHER_KEY
    made(sari)
    assert verdict_of(text) == Verdict.NEWEST, "a newer statement makes an older one no less right"
    actions.withdraw(Paper.objects.earliest("issued_at", "pk").reference, place="cli", now=timezone.now())
    assert verdict_of(text) == Verdict.WITHDRAWN


def test_the_command_checks_the_file_without_a_network(sari: Client, tmp_path: Path):
    (tmp_path / "keys.json").write_bytes(Client().get("/.well-known/lumbung-keys.json").content)
    (tmp_path / "statement.pdf").write_bytes(made(sari))
    words = ["card", "verify", str(tmp_path / "statement.pdf"), "--keys", str(tmp_path / "keys.json")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert WORDS[Verdict.RIGHT][0] in done.stdout
    assert "Rp 285,000" in done.stdout


def test_every_figure_is_there_in_both_languages(sari: Client):
    english, indonesian = words(made(sari)), words(made(sari, language="id"))
    for word in ("Statement", "Sari Uji", "PT Contoh", "285,000", "5,000,000", "1 January 2025"):
        assert word in english
    for word in ("Rincian saldo", "Sari Uji", "285.000", "5.000.000", "1 Januari 2025"):
        assert word in indonesian
    assert SARI not in english
    assert "••••••0001" in english


def test_each_made_paper_has_its_line_in_the_access_log_and_no_personal_value_in_its_name(sari: Client):
    answer = sari.post("/statement/", OCTOBER)
    assert re.search(r"statement-2025-01-01-2025-11-30\.pdf", answer.headers["Content-Disposition"])
    assert list(AccessEvent.objects.values_list("what", "place")) == [("statement_made", "member")]
    activity = sari.get("/account/activity/").content.decode()
    assert "A statement of the balance was made." in activity


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"last_year": "2999"}, "This day has not come yet."),
        ({"first_year": "2026"}, "The last day lies before the first one."),
        ({"first_day": "", "first_month": "", "first_year": ""}, "Write the whole date."),
        ({"first_day": "31", "first_month": "2"}, "This month does not have so many days"),
        ({"language": "fr"}, "This is not among the answers"),
        ({"period": ""}, "Choose one."),
    ],
)
def test_what_is_no_period_is_said_in_the_form(sari: Client, changed: dict[str, str], said: str):
    answer = sari.post("/statement/", OCTOBER | changed)
    assert answer.status_code == 400
    assert said in unescape(answer.content.decode())
    assert not Paper.objects.exists()


def test_the_periods_to_choose_from(sari: Client):
    for period in ("year", "last_year", "all"):
        assert made(sari, period=period).startswith(b"%PDF")
    assert "Paid out" not in words(made(sari, period="all"))


def test_who_has_nothing_gets_a_right_paper(users: Users, enter: Enter):
    Person.objects.filter(pk=users.member.person_id).update(
        name="Raden Mas Haji Muhammad Abdurrahman Kusuma Prawiro D"
    )
    client = enter(users.member)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    said = words(made(client, period="all"))
    assert "Abdurrahman" in said
    assert "Rp 0" in said
    assert status_of(made(client)).bottom_line


def test_while_the_account_only_shows_a_statement_still_can_be_made(users: Users, enter: Enter):
    now = timezone.now()
    ReadOnly.objects.create(user=users.member, cause="locked", since=now, until=None)
    assert made(enter(users.member)).startswith(b"%PDF")


def test_three_numbers_stand_each_by_itself_and_add_up(paid: Users):
    person = person_of(paid)
    for number in (SECOND, THIRD):
        MemberNumber.objects.create(number=number, person=person)
    other = register_employer(full_number="90000002-000", name="PT Contoh Dua", risk_class="I", size="medium")
    start_employments(other, [NewEmployment(SECOND, date(2025, 1, 1))])
    pay(other, Month(2025, 10), {SECOND: 4_000_000})
    found = queries.period(person, date(2025, 1, 1), date(2025, 12, 31), today=date(2026, 1, 5))
    assert found.endings == ("0001", "0011", "0012")
    assert [each.closing for each in found.accounts] == [
        ledger.balance(number, date(2025, 12, 31)).old_age_balance for number in (SARI, SECOND, THIRD)
    ]
    assert {line.employer for line in found.lines} == {"PT Contoh", "PT Contoh Dua"}
    assert {row.employer_name for row in found.paid} == {"PT Contoh", "PT Contoh Dua"}


def test_opening_lines_and_closing_are_the_balances_of_the_books_whatever_the_period(paid: Users):
    person, employer = person_of(paid), paid.employer.employer
    assert employer is not None
    for month in (Month(2025, 11), Month(2025, 12), Month(2026, 1)):
        pay(employer, month, {SARI: 5_000_000})
    development.credit(
        year=2025, rate="5.60", decree="Keputusan contoh", jobs=1, now=datetime(2026, 3, 1, 3, tzinfo=UTC)
    )
    today = date(2026, 11, 29)
    days = [date(2025, 11, 9), date(2025, 11, 10), date(2025, 12, 10), date(2026, 2, 28), date(2026, 3, 1), today]
    for first in days:
        for last in (day for day in days if day >= first):
            found = queries.period(person, first, last, today=today)
            assert found.opening == ledger.balance(SARI, first - timedelta(days=1)).old_age_balance
            assert found.closing == ledger.balance(SARI, last).old_age_balance
            assert found.opening + sum(line.change for line in found.lines) == found.closing
            assert found.opening + found.total(*What) == found.closing
    whole = queries.period(person, None, today, today=today)
    (result,) = [line for line in whole.lines if line.what == What.DEVELOPMENT]
    assert (result.year, result.rate, result.decree) == (2025, "5.60", "Keputusan contoh")
    assert whole.first == date(2025, 11, 10)
    assert sum(row.jht_employer + row.jht_member for row in whole.paid) == whole.total(What.EMPLOYER)


def test_reading_asks_as_little_for_many_months_as_for_one(paid: Users):
    person, employer = person_of(paid), paid.employer.employer
    assert employer is not None
    counts = []
    for months in ((), (Month(2025, 11), Month(2025, 12), Month(2026, 1), Month(2026, 2))):
        for month in months:
            pay(employer, month, {SARI: 5_000_000})
        with CaptureQueriesContext(connection) as asked:
            queries.period(person, None, date(2026, 11, 1), today=date(2026, 11, 29))
        counts.append(len(asked))
    assert counts[0] == counts[1] < 10


def forty_years() -> Period:
    """480 months at an employer, and a result each year."""
    lines: list[Line] = []
    paid: list[Paid] = []
    balance, month = 0, Month(1986, 1)
    for _ in range(480):
        day = (month + 1).first_day
        balance += 285_000
        lines.append(Line(What.EMPLOYER, day, day, 285_000, balance, 150_000, "PT Contoh", month))
        shares = (185_000, 100_000, 100_000, 50_000, 12_000, 15_000)
        paid.append(Paid(SARI, month, "PT Contoh", 5_000_000, 0, *shares, day, return_id=1))
        if month.month == 12:
            result = balance // 20
            balance += result
            lines.append(
                Line(What.DEVELOPMENT, day, day, result, balance, 0, year=month.year, rate="5.60", decree="Contoh")
            )
        month += 1
    return Period(
        "Sari Uji", date(1986, 1, 1), date(2026, 11, 29), (Account("0001", 0, tuple(lines)),), tuple(paid)
    )


@pytest.mark.parametrize(("most_tagged", "most_bytes"), [(600, 2_000_000), (0, 300_000)])
def test_forty_years_are_drawn_and_signed_in_seconds(
    most_tagged: int, most_bytes: int, monkeypatch: pytest.MonkeyPatch
):
    """With and without the tags of PDF/UA. The seconds are the processor's: other tests run meanwhile (0024)."""
    monkeypatch.setattr(drawing, "MOST_TAGGED", most_tagged)
    period, now = forty_years(), timezone.now()
    own = Issue("AbCdEfGhIjKlMn_-", "https://dana.contoh.test", now)
    said = Statement(own, period.name, period.endings, period.first, period.last, period.opening, period.closing)
    began = time.process_time()
    text = keys.keyring().sign(said.payload())
    pdf = sealed(drawing.statement_pdf(said, text, period, HOUSE, language="id"), reason="Uji")
    assert time.process_time() - began < 60
    assert len(pdf) < most_bytes
    found = words(pdf)
    assert f"{period.closing:,}".replace(",", ".") in found
    for month in ("Jan 1986", "Des 2005", "Des 2025"):
        assert found.count(f"Iuran {month}") == 1


def test_what_is_no_period_or_too_long_is_refused(paid: Users, monkeypatch: pytest.MonkeyPatch):
    today = date(2025, 12, 1)
    for first, last in ((date(2025, 12, 1), date(2025, 11, 1)), (date(2025, 1, 1), date(2025, 12, 2))):
        with pytest.raises(BadPeriod):
            queries.period(person_of(paid), first, last, today=today)
    monkeypatch.setattr(queries, "MOST_LINES", 0)
    with pytest.raises(TooLong):
        queries.period(person_of(paid), None, today, today=today)


def test_no_transaction_is_open_while_a_paper_is_drawn_and_signed(clone: object, monkeypatch: pytest.MonkeyPatch):
    from lumbung.registry.actions import NewPerson, register_persons

    person = register_persons([NewPerson("Sari Uji", date(1990, 1, 1), (SARI,))])[0].person
    seen = []
    for name in ("statement_pdf", "sealed"):
        real = getattr(actions, name)

        def watched(*given: object, real: Callable[..., bytes] = real, **more: object) -> bytes:
            seen.append(connection.in_atomic_block)
            return real(*given, **more)

        monkeypatch.setattr(actions, name, watched)
    now = timezone.now()
    actions.make_statement(
        person, None, timezone.localdate(now), user=None, house=HOUSE, issuer="https://dana.contoh.test",
        language="id", place="member", now=now,
    )  # fmt: skip
    assert seen == [False, False]
    assert Paper.objects.count() == 1


@pytest.mark.parametrize("taken", ["_turns", "_places"])
def test_when_all_turns_are_taken_it_says_so_and_keeps_nothing(
    sari: Client, monkeypatch: pytest.MonkeyPatch, taken: str
):
    """All turns while nobody has time to wait, or all places in the queue, where nobody waits at all."""
    from lumbung.papers import drawing as turns

    if taken == "_turns":
        monkeypatch.setattr(turns, "WAIT_SECONDS", 0)
    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(turns, taken, full)
    answer = sari.post("/statement/", OCTOBER)
    assert answer.status_code == 400
    assert TooBusy().say() in unescape(answer.content.decode())
    assert not Paper.objects.exists()
    assert not AccessEvent.objects.exists()
    monkeypatch.undo()
    assert made(sari).startswith(b"%PDF")


# The yearly page


@pytest.fixture
def two_years(paid: Users) -> Users:
    """Sari was paid for from October 2025 to January 2026, and 2025 is credited."""
    employer = paid.employer.employer
    assert employer is not None
    for month in (Month(2025, 11), Month(2025, 12)):
        pay(employer, month, {SARI: 5_000_000})
    development.credit(
        year=2025, rate="5.60", decree="Keputusan contoh", jobs=1, now=datetime(2026, 3, 1, 3, tzinfo=UTC)
    )
    return paid


def test_a_year_says_what_came_in_what_it_earned_and_what_to_expect(two_years: Users, enter: Enter):
    client = enter(two_years.member)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Make this page" in client.get("/statement/2025/").content.decode()
    assert client.post("/statement/2025/").status_code == 302
    page = unescape(client.get("/statement/2025/").content.decode())
    told = years.told(person_of(two_years), 2025, today=timezone.localdate())
    assert told.opening + told.contributions + (told.result or 0) - told.withdrawals == told.closing
    assert told.months == 2, "by the day the money came: December's was paid in January"
    for amount in (told.contributions, told.result, told.closing, told.pension):
        assert amount
        assert f"{amount:,}" in page
    assert "5.60 percent" in page
    assert "PT Contoh" in page
    assert "What to expect" in page
    assert "in today’s money" in page
    assert list(AccessEvent.objects.values_list("what", flat=True)) == ["year_told"]
    assert (
        "persen untuk setahun penuh"
        in client.get("/statement/2025/", headers={"Accept-Language": "id"}).content.decode()
    )


def test_a_year_is_kept_as_it_was_told_until_it_is_made_anew(paid: Users, enter: Enter):
    client = enter(paid.member)
    client.post("/statement/2025/", follow=True)
    before = _main(client.get("/statement/2025/").content)
    assert "Rp 285.000" in before
    assert "belum ditetapkan" in before
    employer = paid.employer.employer
    assert employer is not None
    pay(employer, Month(2025, 11), {SARI: 5_000_000})
    assert _main(client.get("/statement/2025/").content) == before
    client.post("/statement/2025/", follow=True)
    assert "Rp 570.000" in _main(client.get("/statement/2025/").content)
    assert YearTold.objects.count() == 1


def _main(page: bytes) -> str:
    return re.sub(r'value="[^"]+"', "", page.decode().partition("<main")[2].partition("</main>")[0])


def test_a_year_without_anything_and_one_that_is_not_over(users: Users, enter: Enter):
    client = enter(users.member)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.post("/statement/2024/")
    page = client.get("/statement/2024/").content.decode()
    assert "nothing was paid for you" in page
    assert "nothing to carry forward yet" in page
    for year in (1992, timezone.localdate().year, 9999):
        assert client.get(f"/statement/{year}/").status_code == 404
        assert client.post(f"/statement/{year}/").status_code == 404


def test_the_pages_ask_little_of_the_database(two_years: Users, enter: Enter):
    client = enter(two_years.member)
    client.post("/statement/2025/")
    for path in ("/statement/", "/statement/2025/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        own = [
            each["sql"]
            for each in asked
            if not re.search(r"django_session|accounts_user\b|SAVEPOINT", each["sql"])
        ]
        assert len(own) <= 5, own


def test_the_certificate_is_the_one_of_the_settings(db: None):
    assert Client().get("/keys/certificate.pem").content == keys.certificate().public_bytes(Encoding.PEM)
