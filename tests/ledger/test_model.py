"""Random lives of a book, step by step against a plain model of it in Python."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from samples import MONTH, NOW

from lumbung.ledger import actions, errors, queries
from lumbung.ledger.drafts import Draft, MemberLines

NUMBERS = ["10000000001", "10000000002", "1000000000", "123456789012", "A-7"]
AMOUNT = st.integers(-300, 1000)
CREDIT = st.tuples(
    st.integers(0, 1000),
    st.integers(0, 200),
    st.sampled_from([0, 0, 0, 30]),
    st.integers(0, 1000),
    st.integers(0, 1),
)
ANYTHING = st.tuples(AMOUNT, st.integers(-50, 200), AMOUNT, AMOUNT, st.integers(-1, 1))
# Mostly what the accounts can bear, or lives would be lists of refusals.
FACT = st.one_of(
    *(
        st.dictionaries(st.sampled_from(NUMBERS), kind.filter(any), min_size=1)
        for kind in [CREDIT] * 4 + [ANYTHING]
    )
)
Totals = tuple[int, int, int, int, int]


@dataclass
class Model:
    """What the books ought to hold."""

    lines: dict[str, list[tuple[date, Totals]]] = field(default_factory=dict)
    entries: dict[str, tuple[int, Draft]] = field(default_factory=dict)
    reversed: dict[str, int] = field(default_factory=dict)  # by which entry
    corrected: dict[tuple[str, str], int] = field(default_factory=dict)  # a member's line, by which entry
    corrections: set[str] = field(default_factory=set)  # by their keys
    bonds: dict[str, list[tuple[int, int | None]]] = field(default_factory=dict)  # entry, and what it takes back
    control: dict[str, int] = field(default_factory=dict)

    def after(self, number: str, amounts: Totals) -> Totals:
        before = self.lines[number][-1][1] if self.lines.get(number) else (0,) * 5
        return tuple(map(sum, zip(before, amounts, strict=True)))  # type: ignore[return-value]

    def overdraws(self, fact: dict[str, Totals]) -> bool:
        totals = [self.after(number, amounts) for number, amounts in fact.items()]
        return any(min(total) < 0 or total[0] + total[1] < total[2] for total in totals)

    def book(
        self,
        day: date,
        fact: dict[str, Totals],
        control: dict[str, int],
        entry: int,
        takes_back: int | None = None,
    ) -> None:
        for number, amounts in fact.items():
            self.lines.setdefault(number, []).append((day, self.after(number, amounts)))
            self.bonds.setdefault(number, []).append((entry, takes_back))
        for account, amount in control.items():
            self.control[account] = self.control.get(account, 0) + amount

    def is_partly_corrected(self, key: str) -> bool:
        return any(corrected == key for corrected, _ in self.corrected)

    def history(self, number: str) -> list[tuple[int, int | None, int | None]]:
        """Newest first: the entry of each line, what it takes back, and what took this line back."""
        bonds = self.bonds.get(number, [])
        taken = {takes_back: entry for entry, takes_back in bonds if takes_back}
        return [(entry, takes_back, taken.get(entry)) for entry, takes_back in reversed(bonds)]

    def balance(self, number: str, day: date) -> Totals:
        booked = [totals for booked_on, totals in self.lines.get(number, []) if booked_on <= day]
        return booked[-1] if booked else (0, 0, 0, 0, 0)


def amounts_of(draft: Draft) -> dict[str, Totals]:
    columns = zip(*draft.members.amounts, strict=True)
    return dict(zip(draft.members.member_numbers, columns, strict=True))  # type: ignore[arg-type]


def drafted(key: str, fact: dict[str, Totals], day: date) -> Draft:
    numbers = sorted(fact)
    columns = [list(column) for column in zip(*(fact[number] for number in numbers), strict=True)]
    lines = MemberLines(numbers, [MONTH], *columns)
    owed = {"member_old_age": -lines.old_age, "member_pension": -lines.pension}
    control = [(account, amount) for account, amount in owed.items() if amount]
    # Two sides in any case, even when the lines cancel out.
    control += [("bank", -sum(amount for _, amount in control) + 1), ("suspense", -1)]
    return Draft(key, "mixed", day, [line for line in control if line[1]], lines)


class Books(RuleBasedStateMachine):
    """The machine whose steps are the ledger's actions; each life is rolled back at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.now = NOW
        self.life = transaction.atomic()
        self.life.__enter__()

    def teardown(self) -> None:
        try:
            report = queries.check()
            assert report.faults == ()
            assert report.lines == sum(len(lines) for lines in self.model.lines.values())
        finally:
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)

    @property
    def today(self) -> date:
        return (self.now + timedelta(hours=7)).date()

    @initialize(days=st.integers(0, 400))
    def start(self, days: int) -> None:
        self.now = NOW - timedelta(days=days)

    @rule(hours=st.integers(1, 24 * 45))
    def wait(self, hours: int) -> None:
        self.now = min(self.now + timedelta(hours=hours), datetime(2026, 6, 1, tzinfo=NOW.tzinfo))

    @rule(fact=FACT, back=st.integers(0, 100))
    def post(self, fact: dict[str, Totals], back: int) -> None:
        draft = drafted(f"fact:{len(self.model.entries)}", fact, self.today - timedelta(days=back))
        if self.model.overdraws(fact):
            refused(errors.Overdrawn, lambda: actions.post(draft, now=self.now))
            return
        posted = actions.post(draft, now=self.now)
        assert posted.is_new
        self.model.entries[draft.key] = (posted.entry_id, draft)
        self.model.book(self.today, fact, dict(draft.control), posted.entry_id)

    @rule(facts=st.lists(FACT, min_size=2, max_size=5), data=st.data())
    def post_set(self, facts: list[dict[str, Totals]], data: st.DataObject) -> None:
        """New drafts in any mix with known ones; the first that its accounts would not bear is named."""
        first = len(self.model.entries)
        drafts = [drafted(f"fact:{first + n}", fact, self.today) for n, fact in enumerate(facts)]
        known = [draft for _, draft in self.model.entries.values()]
        if known:
            again = data.draw(st.lists(st.sampled_from(known), max_size=2))
            drafts = data.draw(st.permutations([*drafts, *again]))
        expected = deepcopy(self.model)
        for draft in drafts:
            if draft.key in expected.entries:
                continue
            if expected.overdraws(amounts_of(draft)):
                caught = refused(errors.Overdrawn, lambda: actions.post_set(drafts, now=self.now))
                assert caught.facts["key"] == draft.key
                return
            expected.entries[draft.key] = (0, draft)
            expected.book(self.today, amounts_of(draft), dict(draft.control), 0)
        posted = actions.post_set(drafts, now=self.now)
        for draft, one in zip(drafts, posted, strict=True):
            assert one.is_new == (draft.key not in self.model.entries)
            if one.is_new:
                self.model.entries[draft.key] = (one.entry_id, draft)
                self.model.book(self.today, amounts_of(draft), dict(draft.control), one.entry_id)
            assert one.entry_id == self.model.entries[draft.key][0]

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data())
    def post_again(self, data: st.DataObject) -> None:
        entry_id, draft = self.model.entries[data.draw(st.sampled_from(sorted(self.model.entries)))]
        again = actions.post(draft, now=self.now)
        assert (again.entry_id, again.is_new) == (entry_id, False)

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data(), fact=FACT)
    def post_another_under_its_key(self, data: st.DataObject, fact: dict[str, Totals]) -> None:
        _, draft = self.model.entries[data.draw(st.sampled_from(sorted(self.model.entries)))]
        if amounts_of(draft) != fact:
            other = drafted(draft.key, fact, draft.day)
            refused(errors.KeyReused, lambda: actions.post(other, now=self.now))

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.entries)))
        entry_id, draft = self.model.entries[key]

        def attempt(name: str = f"x:{key}") -> Any:
            return actions.reverse(entry_id, key=name, reason="wrong", now=self.now)

        mirrored = mirror(amounts_of(draft))
        if key in self.model.reversed:
            assert not attempt().is_new
            refused(errors.AlreadyReversed, lambda: attempt(f"y:{key}"))
        elif self.model.is_partly_corrected(key):
            refused(errors.PartlyCorrected, attempt)
        elif self.model.overdraws(mirrored):
            refused(errors.Overdrawn, attempt)
        else:
            reversal = attempt()
            assert reversal.is_new
            self.model.reversed[key] = reversal.entry_id
            control = {a: -amount for a, amount in draft.control}
            self.model.book(self.today, mirrored, control, reversal.entry_id, entry_id)

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.entries)))
        entry_id, draft = self.model.entries[key]
        numbers = data.draw(st.lists(st.sampled_from(NUMBERS), min_size=1, unique=True))
        fact = amounts_of(draft)
        mirrored = mirror({number: fact[number] for number in numbers if number in fact})
        control = drafted("x", mirrored, draft.day).control if mirrored else (("bank", 1), ("fines", -1))
        name = f"c:{key}:{'+'.join(sorted(numbers))}"

        def attempt() -> Any:
            return actions.correct(entry_id, numbers, control=control, key=name, reason="wrong", now=self.now)

        by = {self.model.corrected.get((key, number)) for number in numbers}
        if key in self.model.reversed:
            refused(errors.AlreadyReversed, attempt)
        elif len(mirrored) < len(numbers):
            refused(errors.NoSuchLine, attempt)
        elif by != {None} and name in self.model.corrections:
            assert not attempt().is_new
        elif by != {None}:
            refused(errors.AlreadyCorrected, attempt)
        elif self.model.overdraws(mirrored):
            refused(errors.Overdrawn, attempt)
        else:
            correction = attempt()
            assert correction.is_new
            self.model.corrections.add(name)
            self.model.corrected |= {(key, number): correction.entry_id for number in numbers}
            self.model.book(self.today, mirrored, dict(control), correction.entry_id, entry_id)
            assert not attempt().is_new

    @rule()
    def seal(self) -> None:
        actions.seal()
        assert actions.seal() == 0

    @rule(number=st.sampled_from(NUMBERS), back=st.integers(-5, 500))
    def ask(self, number: str, back: int) -> None:
        day = self.today - timedelta(days=back)
        balance = queries.balance(number, day)
        shown = (
            balance.old_age_contributions,
            balance.old_age_development,
            balance.old_age_withdrawals,
            balance.pension_contributions,
            balance.pension_months_paid,
        )
        assert shown == self.model.balance(number, day)

    @invariant()
    def the_present_is_the_models(self) -> None:
        for number in NUMBERS:
            total = self.model.balance(number, date.max)
            assert queries.balance(number, None).old_age_balance == total[0] + total[1] - total[2]
            bonds = [(line.entry_id, line.reverses, line.reversed_by) for line in queries.history(number)]
            assert bonds == self.model.history(number)
        shown = {account: amount for account, amount in queries.control_totals().items() if amount}
        assert shown == {account: amount for account, amount in self.model.control.items() if amount}


def mirror(fact: dict[str, Totals]) -> dict[str, Totals]:
    return {number: tuple(-a for a in amounts) for number, amounts in fact.items()}  # type: ignore[misc]


def refused(refusal: type[errors.LedgerRefusal], attempt: Callable[[], Any]) -> errors.LedgerRefusal:
    with pytest.raises(refusal) as caught, transaction.atomic():
        attempt()
    return caught.value


@pytest.mark.django_db
def test_any_life_of_the_books_is_as_the_model_says() -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=40,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # shrinking a life takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
