"""Other programs read the whole books and arrive at Lumbung's own figures; one rupiah of difference is found."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import books
import pytest
from samples import ANI, BUDI, CITRA, NOW, contribution, plain, receipt

import outsiders
from lumbung.cli import chart
from lumbung.ledger import actions, queries
from lumbung.ledger.models import ControlAccount, Entry
from outsiders import PROGRAMS, Refused, disagreements, export, sums

pytestmark = pytest.mark.usefixtures("hledger")


def compared(found: dict[str, int]) -> list[str]:
    return disagreements(found, queries.control_totals(), outsiders.all_balances())


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("seed", range(3))
def test_books_of_every_kind_of_entry_agree_to_the_rupiah(
    db: None, program: str, seed: int, tmp_path: Path
) -> None:
    books.keep(seed)
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"contribution", "development", "withdrawal", "receipt", "reversal", "correction"} <= kinds
    for arguments in ([], ["--assert"]):
        found = sums(program, export(program, *arguments), tmp_path)
        assert compared(found) == []
        assert len(found) > len(books.NUMBERS)


@pytest.mark.parametrize("program", PROGRAMS)
def test_empty_books_are_read_too(db: None, program: str, tmp_path: Path) -> None:
    assert set(sums(program, export(program, "--assert"), tmp_path).values()) <= {0}


@pytest.fixture
def small(db: None) -> None:
    actions.post(contribution("r:1", {ANI: (570, 300), BUDI: (285, 150), CITRA: (100, 0)}), now=NOW)
    actions.post(receipt("b:1", 1000), now=NOW)


def a_rupiah_more_for_ani(text: str) -> str:
    return text.replace(f"OldAge:{ANI}  -570", f"OldAge:{ANI}  -571", 1)


def a_rupiah_from_budi_to_ani(text: str) -> str:
    return a_rupiah_more_for_ani(text).replace(f"OldAge:{BUDI}  -285", f"OldAge:{BUDI}  -284", 1)


def a_rupiah_from_old_age_to_pension(text: str) -> str:
    return a_rupiah_more_for_ani(text).replace(f"Pension:{ANI}  -300", f"Pension:{ANI}  -299", 1)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_rupiah_on_another_member_is_found(program: str, tmp_path: Path) -> None:
    clean = export(program)
    planted = a_rupiah_from_budi_to_ani(clean)
    assert planted != clean
    assert compared(sums(program, clean, tmp_path)) == []
    assert compared(sums(program, planted, tmp_path)) == [
        f"Liabilities:Members:OldAge:{ANI}",
        f"Liabilities:Members:OldAge:{BUDI}",
    ]
    with pytest.raises(Refused, match=ANI):
        sums(program, a_rupiah_from_budi_to_ani(export(program, "--assert")), tmp_path)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("plant", [a_rupiah_more_for_ani, a_rupiah_from_old_age_to_pension])
def test_a_rupiah_too_much_is_refused(program: str, plant: Callable[[str], str], tmp_path: Path) -> None:
    text = export(program)
    assert plant(text) != text
    with pytest.raises(Refused, match=r"[Bb]alance|assertion"):
        sums(program, plant(text), tmp_path)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_rupiah_planted_in_the_books_themselves_is_refused(
    clone: object, superuser_url: str, program: str, tmp_path: Path
) -> None:
    """By somebody who can switch the guards off."""
    actions.post(contribution("r:1", {ANI: (570, 300), BUDI: (285, 150)}), now=NOW)
    assert compared(sums(program, export(program), tmp_path)) == []
    with plain(superuser_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE ledger_memberline SET contribution = 571 WHERE member_number = %s", [ANI])
    with pytest.raises(Refused, match=r"balance"):
        sums(program, export(program), tmp_path)


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_earlier_day_shows_the_books_as_they_were_then(db: None, program: str, tmp_path: Path) -> None:
    books.keep(7, months=4)
    days = [date(2024, 1, 4), date(2024, 1, 20), date(2024, 3, 8), date(2024, 12, 31)]
    for day in days:
        booked = Entry.objects.filter(recorded_at__lt=datetime(day.year, day.month, day.day, 17, tzinfo=UTC))
        totals = dict.fromkeys(ControlAccount.objects.values_list("code", flat=True), 0)
        for code, amount in booked.values_list("control_lines__account", "control_lines__amount"):
            totals[code] += amount
        found = sums(program, export(program, "--assert", "--until", day.isoformat()), tmp_path)
        assert disagreements(found, totals, outsiders.all_balances(day)) == []
        assert bool(found) == booked.exists()


@pytest.mark.parametrize("program", PROGRAMS)
def test_without_members_the_sums_stay_and_no_number_is_there(db: None, program: str, tmp_path: Path) -> None:
    books.keep(3, months=2)
    text = export(program, "--no-members")
    found = sums(program, text, tmp_path)
    totals = {chart.PLACES[code]: amount for code, amount in queries.control_totals().items() if amount}
    assert {account: amount for account, amount in found.items() if amount} == totals
    assert not re.search(r"Members:\w+:", text)


@pytest.mark.parametrize("program", PROGRAMS)
def test_pseudonyms_keep_the_sums_and_hide_number_order_and_reason(db: None, program: str, tmp_path: Path) -> None:
    from lumbung.cli.export import keyed_pseudonyms

    pseudonym, numbers = keyed_pseudonyms(), [f"100000{n:05}" for n in range(200)]
    wrong = actions.post(contribution(f"r:{numbers[7]}", dict.fromkeys(numbers, (570, 300))), now=NOW)
    actions.reverse(wrong.entry_id, key="x:1", reason=f"meant for {numbers[8]}", now=NOW)
    actions.post(contribution("r:2", {number: (5 + int(number) % 7, 0) for number in numbers}), now=NOW)
    text = export(program, "--pseudonyms", "--assert")
    assert not [number for number in numbers if number in text]
    assert "meant for" not in text
    found = sums(program, text, tmp_path)
    for number in numbers:
        assert found[f"Liabilities:Members:OldAge:{pseudonym(number)}"] == -5 - int(number) % 7
    first = [pseudonym(number) for number in numbers]
    shown = re.findall(r"OldAge:(Px[0-9a-f]{20})  -570 IDR", text)
    assert set(shown) == set(first)
    assert shown != first


def test_tags_of_hledger_are_what_the_entry_says(db: None, tmp_path: Path) -> None:
    books.keep(11, months=3)
    path = tmp_path / "books.journal"
    path.write_text(export("hledger"), encoding="utf-8")
    printed = {
        int(transaction["tcode"]): transaction
        for transaction in json.loads(outsiders.run_hledger(path, "print", "--output-format", "json"))
        if transaction["tcode"]
    }
    entries = Entry.objects.in_bulk()
    assert printed.keys() == entries.keys()
    for entry_id, transaction in printed.items():
        entry, tags = entries[entry_id], dict(transaction["ttags"])
        assert len(tags) == len(transaction["ttags"])
        assert tags["key"].replace("，", ",") == entry.key
        assert tags.get("reason", "") == chart.printable(entry.reason).strip().replace(",", "，")
        bonds = {"reverses": entry.reverses_id, "corrects": entry.corrects_id}
        assert {name: int(tags[name]) for name in bonds if name in tags} == {k: v for k, v in bonds.items() if v}
        assert transaction["tdate"] == entry.day.isoformat()
        assert {posting["pdate"] for posting in transaction["tpostings"]} == {None}


def test_metadata_of_beancount_is_what_the_entry_says(db: None) -> None:
    from beancount import loader
    from beancount.core.data import Transaction

    books.keep(11, months=3)
    read, errors, _ = loader.load_string(export("beancount"))
    assert errors == []
    found = {int(entry.meta["entry"]): entry for entry in read if isinstance(entry, Transaction)}
    entries = Entry.objects.in_bulk()
    assert found.keys() == entries.keys()
    for entry_id, transaction in found.items():
        entry, meta = entries[entry_id], transaction.meta
        assert (meta["key"], meta.get("reason", "")) == (entry.key, chart.printable(entry.reason))
        assert (transaction.date, transaction.narration, transaction.tags) == (entry.day, entry.kind, frozenset())
        bonds = {f"entry-{number}" for number in (entry_id, entry.reverses_id, entry.corrects_id) if number}
        assert transaction.links == bonds


def test_each_control_account_has_its_place(db: None) -> None:
    codes = set(ControlAccount.objects.values_list("code", flat=True))
    assert codes == set(chart.PLACES)
    assert len(set(chart.PLACES.values())) == len(codes)
