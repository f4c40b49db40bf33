"""Whatever words stand in the books, they stay words: no program reads a line, a tag or a date out of them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from books import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

import outsiders
from lumbung.cli import beancount, chart, hledger
from lumbung.ledger.journal import JournalEntry, JournalLine

BREAKS = (
    "a\nAssets:Bank  1 IDR",
    "a\r\nb",
    "a\rb",
    "a\x0bb",
    "a\x0cb",
    "a\x85b",
    "a\u2028b",
    "a\u2029b",
    "\x00\x1b[31m",
)
DAY = date(2025, 3, 10)
WORDS = chart.open_words()
words = st.one_of(
    st.text(max_size=80),
    st.text(st.sampled_from(' \t\n\r",;:\\|[]{}()#^*!=@~-0129aIDR%\u00a0\u2028\u3000'), max_size=60),
    st.sampled_from(HOSTILE + BREAKS),
)


def an_entry(entry_id: int, key: str, reason: str) -> JournalEntry:
    return JournalEntry(
        entry_id, key, "contribution", DAY, date(2025, 3, 11), datetime(2025, 3, 11, 3, tzinfo=UTC), reason, None,
        7, (("bank", 100), ("member_old_age", -100)),
    )  # fmt: skip


def written(form: chart.Format, entries: list[JournalEntry]) -> str:
    lines = [JournalLine("10000000001", date(2025, 2, 1), 100, 0, 0, 0)]
    accounts = [form.control_account(code, "Name", DAY) for code in chart.PLACES]
    text = [
        form.head(["a remark"], DAY),
        *accounts,
        form.member_account("Liabilities:Members:OldAge:10000000001", DAY),
    ]
    for entry in entries:
        text += [form.entry(entry, WORDS), *map(form.posting, chart.postings(entry, lines, WORDS.number))]
    return "".join(text)


@given(key=words, reason=words)
@settings(max_examples=150, deadline=None)
def test_beancount_reads_the_words_back_and_nothing_else(key: str, reason: str) -> None:
    from beancount import loader
    from beancount.core.data import Open, Transaction

    read, errors, _ = loader.load_string(written(beancount, [an_entry(17, key, reason)]))
    assert errors == []
    (transaction,) = (entry for entry in read if isinstance(entry, Transaction))
    assert sum(isinstance(entry, Open) for entry in read) == len(chart.PLACES) + 1
    assert (transaction.meta["key"], transaction.meta.get("reason", "")) == (
        chart.printable(key),
        chart.printable(reason),
    )
    assert (len(transaction.postings), transaction.tags, transaction.links) == (
        2, frozenset(), {"entry-17", "entry-7"},
    )  # fmt: skip


@given(pairs=st.lists(st.tuples(words, words), min_size=20, max_size=60))
@settings(max_examples=8, deadline=None)
def test_hledger_reads_the_words_back_and_nothing_else(
    hledger: str, tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    from lumbung.cli import hledger as form

    path: Path = tmp_path_factory.mktemp("words") / "books.journal"
    every = [*pairs, *((word, word) for word in HOSTILE + BREAKS)]
    path.write_text(written(form, [an_entry(n, *pair) for n, pair in enumerate(every, 1)]), encoding="utf-8")
    outsiders.run_hledger(path, "check", "--strict")
    printed = json.loads(outsiders.run_hledger(path, "print", "--output-format", "json"))
    assert len(printed) == len(every)
    for transaction, (key, reason) in zip(printed, every, strict=True):
        known = {"recorded": "2025-03-11T03:00:00+00:00", "corrects": "7"}
        for name, word in (("key", key), ("reason", reason)):
            known |= {name: chart.printable(word).strip().replace(",", "，")} if word else {}
        assert dict(transaction["ttags"]) == known
        assert len(transaction["ttags"]) == len(known)
        assert (transaction["tdate"], transaction["tdate2"]) == ("2025-03-10", "2025-03-11")
        postings = [(posting["paccount"], posting["pdate"]) for posting in transaction["tpostings"]]
        assert postings == [("Assets:Bank", None), ("Liabilities:Members:OldAge:10000000001", None)]


def test_words_are_one_line_in_any_format() -> None:
    for word in HOSTILE + BREAKS:
        for form in (hledger, beancount):
            plain = form.entry(an_entry(1, "key", "reason"), WORDS)
            assert len(form.entry(an_entry(1, word, word), WORDS).splitlines()) == len(plain.splitlines())


@pytest.mark.parametrize("number", ["1", "-1", "--", "A-1", "9" * 32, "Z" * 32])
def test_numbers_stay_apart_as_accounts(number: str) -> None:
    assert chart.as_it_is(number)[0].isalnum()
    assert chart.as_it_is(number).removeprefix("No") == number
