"""Random lives of a fund: returns, payments and corrections in any order, against a plain model in Python."""

from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from fund import ANI, BUDI, CICI, HEADER, NOW, TODAY, Fund, register
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

from lumbung.contributions import actions, queries
from lumbung.contributions.errors import CorrectionRefused, NothingToCorrect, ReturnRefused
from lumbung.contributions.models import Return
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.payments import actions as payments

NAMES = {ANI: "Ani Contoh", BUDI: "Budi Contoh", CICI: "Cici Contoh"}
LARGE, OTHER, SMALL = "00000007-000", "00000008-000", "00000009-000"
# Caps of the pension's wage in these months.
CAPS = {Month(2025, 1): 10_042_300, Month(2025, 9): 10_547_400, Month(2025, 10): 10_547_400}
MONTHS = sorted(CAPS)
WAGE = st.sampled_from([1, 999, 3_000_001, 5_000_000, 10_300_333, 12_000_000])
PLACE = st.integers(0, 999)


def rounded(amount: int, of: int) -> int:
    return (2 * amount + of) // (2 * of)


def old_age(wage: int) -> int:
    return rounded(wage * 37, 1000) + rounded(wage * 2, 100)


def pension(employer: str, month: Month, wage: int) -> int:
    base = min(wage, CAPS[month])
    return 0 if employer == SMALL else rounded(base * 2, 100) + rounded(base, 100)


def premiums(wage: int) -> int:
    return rounded(wage * 54, 10_000) + rounded(wage * 3, 1000)


def owed(employer: str, month: Month, wage: int) -> int:
    return old_age(wage) + pension(employer, month, wage) + premiums(wage)


@dataclass
class Reported:
    """A return or correction as the model knows it: its lines, and which line each of them stands for."""

    employer: str
    month: Month
    lines: dict[str, int]
    amount: int
    instead_of: dict[str, tuple[int, str]] = field(default_factory=dict)


class FundLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.life = transaction.atomic()
        self.life.__enter__()
        self.returns: dict[int, Reported] = {}
        self.open: dict[int, str] = {}
        self.in_force: dict[tuple[int, str], int] = {}
        self.paid = self.files = 0

    def teardown(self) -> None:
        try:
            assert ledger.check().faults == ()
            self.the_queries_leave_out_what_was_taken_back()
        finally:
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        from lumbung.registry import actions as registry

        register(LARGE)
        for number, size in ((OTHER, "large"), (SMALL, "small")):
            employer = registry.register_employer(full_number=number, name="PT", risk_class="II", size=size)
            hired = [registry.NewEmployment(member, TODAY.replace(year=2020)) for member in NAMES]
            registry.start_employments(employer, hired)

    # What the model knows.

    def where(self, employer: str, month: Month) -> set[str]:
        """The members whom the employer has paid for the month, or whom a correction will bring there."""
        paid = {
            member
            for (key, member) in self.in_force
            if (self.returns[key].employer, self.returns[key].month) == (employer, month)
        }
        coming = {
            member
            for key in self.open
            for member in self.returns[key].lines
            if self.returns[key].instead_of
            and (self.returns[key].employer, self.returns[key].month) == (employer, month)
        }
        return paid | coming

    def settle(self, key: int) -> None:
        told = self.returns[key]
        for line in told.instead_of.values():
            del self.in_force[line]
        self.in_force.update({(key, member): wage for member, wage in told.lines.items()})
        self.open.pop(key, None)

    # What may happen.

    @rule(
        employer=st.sampled_from([LARGE, OTHER, SMALL]),
        month=st.sampled_from(MONTHS),
        wages=st.dictionaries(st.sampled_from(sorted(NAMES)), WAGE, min_size=1),
    )
    def report(self, employer: str, month: Month, wages: dict[str, int]) -> None:
        self.files += 1
        rows = "".join(f"{member};{NAMES[member]};{wage};{self.files}\n" for member, wage in wages.items())
        content = f"KPJ;Nama;Upah;Berkas\n{rows}".encode()
        owing = sum(owed(employer, month, wage) for wage in wages.values())
        taking_in = lambda: actions.take_in_return(  # noqa: E731
            Fund(employer).employer(), month, content, file_name="upah.csv", today=TODAY, now=NOW
        )
        if set(wages) & self.where(employer, month) or not owing:
            with pytest.raises(ReturnRefused), transaction.atomic():
                taking_in()
            return
        taken = taking_in()
        assert taken.returned.total == owing
        for key in list(self.open):
            told = self.returns[key]
            if not told.instead_of and (told.employer, told.month) == (employer, month):
                del self.open[key]
        self.returns[taken.returned.pk] = Reported(employer, month, wages, owing)
        self.open[taken.returned.pk] = taken.code.code

    @precondition(lambda self: self.open)
    @rule(which=PLACE, several=st.booleans(), way=st.sampled_from(["one", "codes", "drain", "small sets"]))
    def pay(self, which: int, several: bool, way: str) -> None:
        chosen = sorted(self.open) if several else [sorted(self.open)[which % len(self.open)]]
        lines = [f"{self.open[key]},{self.returns[key].amount},{TODAY},R{self.open[key]}" for key in chosen]
        payments.take_in_bank_file("\n".join([HEADER, *lines, ""]).encode(), today=TODAY, now=NOW)
        codes = [self.open[key] for key in chosen]
        if way == "one":
            assert all(actions.settle(code, now=NOW) for code in codes)
        elif way == "codes":
            assert len(actions.settle_codes(codes, now=NOW)) == len(codes)
        else:
            drained = actions.drain(clock=lambda: NOW, lines=1 if way == "small sets" else 50_000)
            assert (drained.returns, drained.refused) == (len(codes), ())
        for key in chosen:
            self.paid += self.returns[key].amount
            self.settle(key)

    @precondition(lambda self: self.in_force)
    @rule(
        which=PLACE,
        what=st.sampled_from(["wage", "month", "member", "whole", "wage and month"]),
        wage=WAGE | st.just(0),
        month=st.sampled_from(MONTHS),
        member=st.sampled_from(sorted(NAMES)),
    )
    def correct(self, which: int, what: str, wage: int, month: Month, member: str) -> None:
        key, number = sorted(self.in_force)[which % len(self.in_force)]
        told = self.returns[key]
        month = month if what in {"month", "whole", "wage and month"} else told.month
        chosen = [(key, other) for k, other in self.in_force if k == key and what == "whole"] or [(key, number)]
        right = {
            (member if what == "member" else one): (wage if "wage" in what else self.in_force[key, one])
            for _, one in chosen
        }
        change = {"month": month if month != told.month else None}
        change |= {"wage": wage} if "wage" in what else {}
        change |= {"member_number": member} if what == "member" else {}
        replaced = [
            other for other in self.open if set(self.returns[other].instead_of.values()) & set(chosen)
        ]  # fmt: skip
        before = {other: self.open.pop(other) for other in replaced}
        instead_of = dict(zip(right, chosen, strict=True))
        moved = {one for one, (_, old) in instead_of.items() if one != old or month != told.month}
        refused = moved & (self.where(told.employer, month) | self.reported(told.employer, month))
        new = sum(owed(told.employer, month, one) for one in right.values())
        old = sum(owed(told.employer, told.month, self.in_force[line]) for line in chosen)
        same = not (new or old) or (not moved and all(right[one] == self.in_force[key, one] for _, one in chosen))
        known = self.the_same(key, chosen, right, month, before)
        correcting = lambda: Fund(told.employer).correct(  # noqa: E731
            Return.objects.get(pk=key), member=None if what == "whole" else number, **change
        )
        if known is not None:
            self.open.update(before)
            return
        if refused or same:
            with pytest.raises((CorrectionRefused, NothingToCorrect)), transaction.atomic():
                correcting()
            self.open.update(before)
            return
        corrected = correcting()
        assert set(corrected.replaced) == set(before.values())
        self.returns[corrected.correction.pk] = Reported(told.employer, month, right, new - old, instead_of)
        if new > old:
            assert corrected.correction.payment_code.amount == new - old
            self.open[corrected.correction.pk] = corrected.correction.payment_code_id
        else:
            self.settle(corrected.correction.pk)

    def reported(self, employer: str, month: Month) -> set[str]:
        return {
            member
            for key in self.open
            for member in self.returns[key].lines
            if not self.returns[key].instead_of
            and (self.returns[key].employer, self.returns[key].month) == (employer, month)
        }

    def the_same(
        self, key: int, chosen: list[tuple[int, str]], right: dict[str, int], month: Month, before: dict[int, str]
    ) -> int | None:
        """An open correction that says just this already: asking for it again changes nothing."""
        for other in before:
            told = self.returns[other]
            if told.lines == right and told.month == month and set(told.instead_of.values()) == set(chosen):
                return other
        return None

    # What must be so.

    @invariant()
    def the_books_are_as_the_model_says(self) -> None:
        got: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        months: dict[str, set[Month]] = defaultdict(set)
        total = 0
        for (key, member), wage in self.in_force.items():
            told = self.returns[key]
            got[member][0] += old_age(wage)
            got[member][1] += pension(told.employer, told.month, wage)
            if pension(told.employer, told.month, wage):
                months[member].add(told.month)
            total += owed(told.employer, told.month, wage)
        for member in NAMES:
            balance = ledger.balance(member, None)
            assert [balance.old_age_balance, balance.pension_contributions] == got[member]
            assert balance.pension_months_paid == len(months[member])
        totals = ledger.control_totals()
        assert totals["bank"] == self.paid
        assert totals["suspense"] == total - self.paid, "what was paid too much waits there"
        of_premiums = ("premium_accident", "premium_death", "premium_job_loss")
        assert -sum(totals[account] for account in of_premiums) == sum(map(premiums, self.in_force.values()))

    def the_queries_leave_out_what_was_taken_back(self) -> None:
        for employer in (LARGE, OTHER, SMALL):
            for month in MONTHS:
                paid = {
                    member
                    for key, member in self.in_force
                    if (self.returns[key].employer, self.returns[key].month) == (employer, month)
                }
                assert queries.settled_members(Fund(employer).employer(), month) == paid
        for member in NAMES:
            rows = queries.history([member], limit=1_000)
            assert len(rows) == queries.history_length([member])
            in_force = sorted((row.return_id, row.wage) for row in rows if row.taken_back_by is None)
            assert in_force == sorted(
                (key, wage) for (key, number), wage in self.in_force.items() if number == member
            )


@pytest.mark.django_db
def test_any_life_of_the_fund_is_as_the_model_says() -> None:
    run_state_machine_as_test(
        FundLife,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
