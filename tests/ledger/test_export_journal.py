"""The stream of the books: one state, in the order of entries, whole, and never much of it in memory."""

import itertools
import tracemalloc
from datetime import date, timedelta

import books
import pytest
from samples import ANI, BUDI, CITRA, MONTH, NOW, contribution, development, receipt

from lumbung.ledger import actions, journal
from lumbung.ledger.models import Entry, MemberLine


def as_stored() -> list[tuple[int, list[tuple[object, ...]]]]:
    """Every entry's lines, each entry asked for by itself."""
    columns = ("member_number", "contribution_month", "contribution", "development", "withdrawal", "pension")
    return [
        (pk, list(MemberLine.objects.filter(entry_id=pk).order_by("member_number").values_list(*columns)))
        for pk in Entry.objects.order_by("pk").values_list("pk", flat=True)
    ]


def as_streamed(until: date | None = None) -> list[tuple[int, list[tuple[object, ...]]]]:
    with journal.read(until) as books_read:
        return [(entry.entry_id, [tuple(line) for line in lines]) for entry, lines in books_read.entries()]


@pytest.mark.parametrize("rows", [1, 7, 10_000])
def test_every_line_comes_once_with_its_entry(db: None, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(journal, "FETCHED_ROWS", rows)
    books.keep(5)
    assert as_streamed() == as_stored()


def test_entries_are_whole_with_their_words_and_bonds(db: None) -> None:
    wrong = actions.post(contribution("r:1", {ANI: (570, 300)}), now=NOW)
    back = actions.reverse(wrong.entry_id, key="x:1", reason="wrong month", now=NOW + timedelta(days=40))
    with journal.read() as read:
        (first, lines), (second, _) = ((entry, list(lines)) for entry, lines in read.entries())
        assert read.extent() == journal.Extent(2, 2, first.day, first.day)
        totals = {code: amount for code, _, amount in read.control_totals()}
    assert (first.entry_id, first.key, first.kind, first.reverses) == (wrong.entry_id, "r:1", "contribution", None)
    assert first.control == (("bank", 870), ("member_old_age", -570), ("member_pension", -300))
    assert lines == [(ANI, MONTH, 570, 0, 0, 300)]
    assert (second.entry_id, second.reverses, second.reason) == (back.entry_id, wrong.entry_id, "wrong month")
    assert (second.day, second.book_day) == (first.day, (NOW + timedelta(days=40)).date())
    assert set(totals.values()) == {0}


def test_ids_that_run_against_book_time_are_no_matter(db: None) -> None:
    """Months take turns: the first load of a history, not sealed yet, from two hands."""
    for n, days in enumerate(itertools.chain(*zip(range(0, 300, 30), range(300, 0, -30), strict=True))):
        actions.post(contribution(f"r:{n}", {f"1000000{n:04}": (n + 1, 0)}), now=NOW + timedelta(days=days))
    streamed = as_streamed()
    assert streamed == as_stored()
    assert all(len(lines) == 1 for _, lines in streamed)


def test_lines_that_nobody_read_are_passed_over(db: None) -> None:
    numbers = [f"100000{n:05}" for n in range(50)]
    for n in range(4):
        actions.post(contribution(f"r:{n}", dict.fromkeys(numbers, (n + 1, 0))), now=NOW)
    with journal.read() as read:
        seen = [
            [line.contribution for line in itertools.islice(lines, 3 * n)]
            for n, (_, lines) in enumerate(read.entries())
        ]
    assert seen == [[], [2] * 3, [3] * 6, [4] * 9]


def test_until_leaves_out_what_was_booked_later(db: None) -> None:
    for n in range(5):
        actions.post(contribution(f"r:{n}", {ANI: (n + 1, 0)}), now=NOW + timedelta(days=n))
    for n in range(-1, 5):
        day = (NOW + timedelta(days=n)).date()
        with journal.read(day) as read:
            members = list(read.members())
            entries = [entry.entry_id for entry, lines in read.entries() if list(lines)]
        assert len(entries) == n + 1
        assert members == ([] if n < 0 else [(ANI, sum(range(n + 2)), 0)])


def test_members_come_in_the_order_of_numbers_or_in_none(db: None) -> None:
    numbers = [f"100000{n:05}" for n in range(100)]
    actions.post(contribution("r:1", dict.fromkeys(numbers, (1, 0))), now=NOW)
    orders = []
    for until, shuffled in itertools.product((None, NOW.date()), (False, True)):
        with journal.read(until, shuffled=shuffled) as read:
            members = [member.member_number for member in read.members()]
            lines = [line.member_number for _, lines in read.entries() for line in lines]
        assert sorted(members) == sorted(lines) == numbers
        assert (members == numbers, lines == numbers) == (not shuffled, not shuffled)
        orders.append(members)
    assert orders[1] != orders[3], "another order each time"


def test_what_is_posted_meanwhile_is_not_seen(clone: object, app_url: str) -> None:
    from samples import plain

    from lumbung.ledger.drafts import Draft

    actions.post(contribution("r:1", {ANI: (570, 300), BUDI: (285, 150)}), now=NOW)
    with journal.read() as read:
        entries = read.entries()
        _, lines = next(entries)
        with plain(app_url) as other:
            draft: Draft = receipt("b:1", 1000)
            other.execute(
                "SELECT ledger_post(%s, 'receipt', %s, %s, '', '{bank,suspense}', '{1000,-1000}')",
                [draft.key, draft.day, NOW],
            )
            other.execute(
                "SELECT ledger_post('r:2', 'contribution', %s, %s, '', '{bank,member_old_age}', '{5,-5}',"
                " '{10000000001}', '{2025-02-01}', '{5}', '{}', '{}', '{}', '{}')",
                [draft.day, NOW],
            )
        assert [line.member_number for line in lines] == [ANI, BUDI]
        assert next(entries, None) is None
        assert list(read.members()) == [(ANI, 570, 300), (BUDI, 285, 150)]
        assert read.extent().entries == 1
    assert len(as_streamed()) == 3


def test_memory_does_not_grow_with_the_books(db: None) -> None:
    """One entry of 40,000 lines and many small ones; some thousands of rows are held at a time."""
    numbers = [f"100000{n:05}" for n in range(40_000)]
    actions.post(contribution("r:1", dict.fromkeys(numbers, (570, 300))), now=NOW)
    for n in range(20):
        actions.post(development(f"d:{n}", {ANI[:-1] + "0": 1 + n, CITRA: 1}), now=NOW)
    tracemalloc.start()
    try:
        with journal.read() as read:
            lines = sum(1 for _, lines in read.entries() for _ in lines)
            members = sum(1 for _ in read.members())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (lines, members) == (40_040, 40_001)
    assert peak < 6_000_000
