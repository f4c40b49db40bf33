"""Every figure opens into its law and its entry: the same figures as posted, nobody else's, at a small cost."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from bodies import plain
from budget import asked
from django.conf import settings
from django.test import Client
from lives import LIVES, TODAY, Life, credit_year, forty_years, months, three_numbers

from lumbung.accounts.models import User
from lumbung.billing import actions as billing
from lumbung.billing import explanation as bills
from lumbung.contributions import explanation as contributions
from lumbung.contributions.corrections import actions as corrections
from lumbung.contributions.corrections.judging import Change
from lumbung.contributions.models import Return, ReturnLine
from lumbung.development import explanation as development
from lumbung.law.derivation import recomputed, walk
from lumbung.law.month import Month
from lumbung.ledger import lines as ledger_lines
from lumbung.ledger import queries as ledger
from lumbung.payments import actions as payments
from lumbung.registry.actions import (
    NewMigrantContract,
    NewSelfEmployment,
    enrol_self_employed,
    register_migrant_contracts,
)
from lumbung.standing.benefits import benefits
from lumbung.standing.queries import standing

Enter = Callable[[User], Client]
pytestmark = pytest.mark.django_db
MOST = 5


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def read(client: Client, path: str, language: str = "en") -> str:
    """The page as text without tags; asked within the budget."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer, statements = asked(client, path)
    assert answer.status_code == 200, path
    assert len(statements) <= MOST, (path, statements)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def rp(amount: int) -> str:
    return f"Rp {amount:,}"


def newest(life: Life) -> ledger.HistoryLine:
    return ledger.history(life.numbers[0], limit=1)[0]


def last_return(life: Life) -> Return:
    return ReturnLine.objects.filter(member_number__in=life.numbers).latest("pk").returned


@pytest.mark.parametrize("make", LIVES.values(), ids=list(LIVES))
def test_every_line_of_every_life_opens_within_the_budget(make: Callable[[], Life], enter: Enter) -> None:
    life = make()
    client = enter(life.user)
    for place, number in enumerate(life.numbers, 1):
        read(client, f"/why/balance/?number={place}")
        for line in [*ledger.history(number, limit=2), *ledger.history(number)[-1:]]:
            said = read(client, f"/why/entry/{line.entry_id}/")
            amount = line.contribution + line.development - line.withdrawal
            assert f"{'+' if amount > 0 else '−'} {rp(abs(amount))}" in said
            assert rp(line.old_age_balance) in said
            assert number not in said
    for line in ReturnLine.objects.filter(member_number__in=life.numbers).order_by("pk")[:2]:
        read(client, f"/why/contribution/{line.returned_id}/")


def test_a_contribution_opens_into_its_shares_by_law_and_its_entry(enter: Enter) -> None:
    life = months("cukup", 14, wage=12_000_000)
    returned = last_return(life)
    said = read(enter(life.user), f"/why/contribution/{returned.pk}/")
    line = ReturnLine.objects.get(returned=returned)
    (explained,) = [contributions.explain(each) for each in contributions.lines_of(returned.pk, life.numbers)]
    assert explained.agrees
    assert explained.derivation is not None
    assert all(step.value == recomputed(step) for step in walk(explained.derivation))
    assert {share.name: share.amount for share in explained.shares} == {
        name: getattr(line, name) for name in contributions.SHARES
    }
    assert explained.derivation.value == explained.total == returned.total
    for share in explained.shares:
        assert rp(share.amount) in said
    for fact in (
        returned.payment_code_id, "10 November 2026", f"Entry {returned.entry_id}", "Law version", "PP 45/2015",
        "PT Cukup 1", rp(12_050_000),
    ):  # fmt: skip
        assert str(fact) in said, fact
    posted = newest(life)
    assert posted.contribution == line.jht_employer + line.jht_member
    assert f"+ {rp(posted.contribution)}" in said
    assert f"+ {rp(posted.pension)}" in said


def test_what_the_law_gives_otherwise_today_is_said(enter: Enter) -> None:
    life = months("lain", 1)
    returned = last_return(life)
    returned.terms = {**returned.terms, "risk_class": "V"}  # type: ignore[dict-item]
    returned.save(update_fields=["terms"])
    said = read(enter(life.user), f"/why/contribution/{returned.pk}/")
    assert "(the law gives Rp 87,000)" in said
    assert "gives another figure than was taken in" in said


def test_a_month_before_the_law_that_we_keep_still_shows_its_entry(enter: Enter) -> None:
    life = forty_years()
    oldest = ReturnLine.objects.filter(member_number=life.numbers[0]).earliest("pk")
    said = read(enter(life.user), f"/why/contribution/{oldest.returned_id}/")
    assert "The law for this month is not among our data." in said
    assert f"+ {rp(oldest.jht_employer + oldest.jht_member)}" in said


def test_a_years_result_opens_into_its_working(enter: Enter) -> None:
    life = months("hasil", 26)
    other = three_numbers()
    credit_year(2024)
    credit_year(2025)
    for number in (*life.numbers, *other.numbers):
        for known in development.explain(number):
            if known.posted is None:
                continue
            (lean,) = development.explain_run({number: known.posted}, year=known.year, run=known.run)
            assert lean == known
            assert lean.agrees
            tree = development.derivation(lean)
            assert all(step.value == recomputed(step) for step in walk(tree))
            assert tree.value == lean.entitled - lean.basis.credited == known.posted.development
    posted = next(line for line in ledger.history(life.numbers[0]) if line.development and line.day.year == 2025)
    said = read(enter(life.user), f"/why/entry/{posted.entry_id}/")
    for fact in ("Result of 2025: 5.60 % a year", "Keputusan 12 Tahun 2026", f"+ {rp(posted.development)}"):
        assert fact in said, fact
    read(enter(other.user), f"/why/entry/{posted.entry_id}/")


def test_a_correction_and_what_it_took_back_lead_to_each_other(enter: Enter) -> None:
    life = months("salah", 3)
    wrong = last_return(life)
    now = datetime(2026, 11, 20, 4, tzinfo=UTC)
    right = corrections.correct(
        wrong, Change(wage=4_000_000, back_pay=None, month=None, member_number=None),
        member_number=life.numbers[0], reason="Upah salah ketik", today=date(2026, 11, 20), now=now,
    ).correction  # fmt: skip
    client = enter(life.user)
    lines = ledger.history(life.numbers[0], limit=3)
    back = next(line for line in lines if line.reverses)
    taken = next(line for line in lines if line.entry_id == back.reverses)
    assert f"Takes back entry {taken.entry_id}" in read(client, f"/why/entry/{back.entry_id}/")
    said = read(client, f"/why/entry/{taken.entry_id}/")
    assert f"Taken back by entry {back.entry_id}" in said
    assert "It counts no more." in said
    assert "It counts no more." in read(client, f"/why/contribution/{wrong.pk}/")
    said = read(client, f"/why/contribution/{right.pk}/")
    assert "Upah salah ketik" in said
    assert "See the wrong one" in said


def test_what_was_paid_for_oneself_opens_too(enter: Enter) -> None:
    life = LIVES["nothing"]()
    (number,) = life.numbers
    enrol_self_employed([NewSelfEmployment(number, 1_550_000, True, "other", date(2026, 9, 1))])
    now = datetime(2026, 10, 5, 4, tzinfo=UTC)
    issued = billing.issue_self_employed(number, first=Month(2026, 10), months=1, now=now)
    code = issued.payment_code
    bank = f"payment_code,amount,received_on,bank_reference\n{code.code},{code.amount},2026-10-05,OWN-1\n"
    payments.take_in_bank_file(bank.encode(), today=date(2026, 10, 5), now=now)
    billing.drain(now=now)
    (bill,) = issued.bills
    client = enter(life.user)
    explained = bills.explain(bill)
    assert explained.derivation is not None
    assert explained.derivation.value == bill.total
    said = read(client, f"/why/bill/{bill.pk}/")
    assert rp(bill.total) in said
    bill.refresh_from_db()
    assert f"+ {rp(bill.jht)}" in read(client, f"/why/entry/{bill.entry_id}/")


def test_a_migrant_workers_bills_are_explained_as_they_were_asked() -> None:
    life = LIVES["nothing"]()
    (contract,) = register_migrant_contracts(
        [NewMigrantContract(life.numbers[0], date(2026, 10, 1), 24, agency=True, old_age=300_000)]
    )
    issued = billing.issue_migrant(contract, old_age_months=2, now=datetime(2026, 9, 1, 4, tzinfo=UTC))
    assert len(issued.bills) == 3
    for bill in issued.bills:
        explained = bills.explain(bill)
        assert explained.agrees
        assert explained.derivation is not None
        assert explained.derivation.value == bill.total


def test_a_difference_is_the_sum_of_its_lines(enter: Enter) -> None:
    life = three_numbers()
    credit_year(2025)
    client = enter(life.user)
    until = "&until_day=23&until_month=11&until_year=2026"
    for day in (date(2025, 12, 31), date(2026, 5, 15), date(2020, 1, 1)):
        said = read(
            client,
            f"/balance/difference/?after_day={day.day}&after_month={day.month}&after_year={day.year}{until}",
        )
        before = sum(each.balance.old_age_balance for each in ledger_lines.balances_at(life.numbers, day))
        then = sum(ledger.balance(number, None).old_age_balance for number in life.numbers)
        lines = ledger_lines.between(life.numbers, after=day, until=TODAY, limit=1000)
        assert sum(line.old_age for line in lines) == then - before
        assert f"{rp(then - before)} more." in said
        assert rp(before) in said
        assert rp(then) in said
        for number in life.numbers:
            assert ledger_lines.balances_at([number], day)[0].balance == ledger.balance(number, day)


def test_without_days_the_difference_is_that_of_the_year_and_pages_keep_the_days(enter: Enter) -> None:
    life = months("panjang", 60)
    client = enter(life.user)
    assert "31 December 2025" in read(client, "/balance/difference/")
    query = "after_day=1&after_month=1&after_year=2021&until_day=23&until_month=11&until_year=2026"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(f"/balance/difference/?{query}").content.decode()
    assert f'href="?{query.replace("&", "&amp;")}&amp;page=2"' in page
    assert "Page 2 of 3" in read(client, f"/balance/difference/?{query}&page=2")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (
            "after_day=1&after_month=2&after_year=2026&until_day=1&until_month=1&until_year=2026",
            "lies before the first",
        ),
        ("after_day=1&after_month=2&after_year=2026&until_day=1&until_month=1&until_year=2999", "lies ahead"),
        (
            "after_day=1&after_month=2&after_year=1900&until_day=1&until_month=1&until_year=2026",
            "do not go back so far",
        ),
        ("after_day=31&after_month=2&after_year=2026", "does not have so many days"),
    ],
)
def test_days_that_can_not_be_are_said(enter: Enter, query: str, problem: str) -> None:
    client = enter(LIVES["one month"]().user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(f"/balance/difference/?{query}")
    assert answer.status_code == 400
    assert problem in answer.content.decode()


def test_the_balance_on_a_day_is_as_booked_by_its_end(enter: Enter) -> None:
    life = months("dulu", 6)
    client = enter(life.user)
    for day in (date(2026, 7, 9), date(2026, 7, 10), date(2026, 11, 23), date(2001, 1, 1)):
        said = read(client, f"/balance/?day_day={day.day}&day_month={day.month}&day_year={day.year}")
        assert rp(ledger.balance(life.numbers[0], day).old_age_balance) in said
    assert client.get("/balance/?day_day=1&day_month=1&day_year=2999").status_code == 400


@pytest.mark.parametrize("code", ["JHT", "JP", "JKK", "JKM"])
def test_what_a_programme_would_pay_opens_into_its_law(enter: Enter, code: str) -> None:
    life = months("cukup", 14, wage=6_000_000)
    said = read(enter(life.user), f"/why/programme/{code}/")
    assert life.user.person is not None
    found = standing(life.user.person, today=TODAY)
    (told,) = [each for each in benefits(found.facts) if each.code == code]
    assert "Law version" in said
    for part in told.parts:
        assert part.amount is None or rp(part.amount) in said


@pytest.mark.parametrize("path", ["/why/programme/JKP/", "/why/programme/ABC/", "/why/entry/999999/"])
def test_what_is_not_there_is_not_found(enter: Enter, path: str) -> None:
    assert enter(months("cukup", 1).user).get(path).status_code == 404


def test_what_is_anothers_is_not_found_in_the_same_words(enter: Enter) -> None:
    mine, other = months("saya", 1), months("dia", 1)
    client = enter(mine.user)
    returned, line = last_return(other), newest(other)
    for theirs, nobodys in (
        (f"/why/contribution/{returned.pk}/", "/why/contribution/999999/"),
        (f"/why/entry/{line.entry_id}/", "/why/entry/999999/"),
    ):
        refused, missing = client.get(theirs), client.get(nobodys)
        assert refused.status_code == missing.status_code == 404
        assert plain(refused, theirs) == plain(missing, nobodys)
    assert enter(other.user).get(f"/why/entry/{line.entry_id}/").status_code == 200


def test_a_replaced_report_and_a_withdrawn_bill_are_not_there(enter: Enter) -> None:
    life = months("ganti", 1)
    returned = last_return(life)
    Return.objects.filter(pk=returned.pk).update(state="replaced", entry_id=None, paid_on=None)
    assert enter(life.user).get(f"/why/contribution/{returned.pk}/").status_code == 404
