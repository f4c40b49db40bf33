"""Sets of paid returns: what the law splits inside the fund, what is refused, and how many statements it takes."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from fund import ANI, BUDI, CICI, HEADER, MONTH, NOW, ROWS, TODAY, Fund, check

from lumbung.contributions import actions, bookkeeping, queries
from lumbung.contributions.bookkeeping import Insured, Premiums
from lumbung.contributions.judging import Terms
from lumbung.contributions.models import Return
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.payments import actions as payments
from lumbung.registry import actions as registry
from lumbung.registry.models import Employment, MemberNumber

PROGRAMMES = frozenset({"JHT", "JP", "JKK", "JKM"})


def terms(month: Month, **facts: object) -> Terms:
    return Terms(**{"month": month, "risk_class": "II", "size": "large", "programmes": PROGRAMMES} | facts)


def paid(*returns: Return, day: date = TODAY, now: datetime = NOW) -> None:
    """The money of these returns has come, and nothing is settled yet."""
    lines = [f"{r.payment_code_id},{r.total},{day},R{r.payment_code_id}" for r in returns]
    payments.take_in_bank_file("\n".join([HEADER, *lines, ""]).encode(), today=day, now=now)


class TestJobLoss:
    """Facts 2.3: 0.14 % of the wage out of JKK; until January 2025 another 0.10 % out of JKM."""

    INSURED = Insured(base=10_000_000, accident=54_000, death=30_000)

    @pytest.mark.parametrize(
        ("month", "expected"),
        [
            (Month(2021, 1), Premiums(54_000, 30_000, 0)),
            (Month(2021, 2), Premiums(40_000, 20_000, 24_000)),
            (Month(2025, 1), Premiums(40_000, 20_000, 24_000)),
            (Month(2025, 2), Premiums(40_000, 30_000, 14_000)),
        ],
    )
    def test_the_split_follows_the_month(self, month: Month, expected: Premiums) -> None:
        split = bookkeeping.premiums(accident=54_000, death=30_000, insured=self.INSURED, terms=terms(month))
        assert split == expected

    def test_only_the_insured_count_and_it_is_rounded_once(self) -> None:
        """Three wages of 1,000,357 are 3,001,071: 0.14 % is 4,201.4994, and three rounded parts would be 4,203."""
        insured = Insured(base=3_001_071, accident=16_206, death=9_003)
        split = bookkeeping.premiums(accident=20_000, death=9_999, insured=insured, terms=terms(MONTH))
        assert split == Premiums(20_000 - 4_201, 9_999, 4_201)

    @pytest.mark.parametrize(
        ("facts", "part"),
        [
            ({}, 14_000),
            ({"labour_intensive": True}, 7_000),
            ({"size": "micro", "programmes": frozenset({"JKK", "JKM"})}, 0),
            ({"size": "small", "programmes": frozenset({"JHT", "JKK", "JKM"})}, 14_000),
            ({"size": "large", "programmes": frozenset({"JHT", "JKK", "JKM"})}, 0),
        ],
        ids=["large", "half JKK, half the part", "micro", "small without JP", "large without JP"],
    )
    def test_who_takes_part(self, facts: dict[str, object], part: int) -> None:
        given = terms(MONTH, **facts)
        owed = given.assess(10_000_000)
        insured = Insured(10_000_000, owed.jkk, owed.jkm)
        split = bookkeeping.premiums(accident=owed.jkk, death=owed.jkm, insured=insured, terms=given)
        assert split.job_loss == part
        assert split.total == owed.jkk + owed.jkm

    def test_a_part_is_never_more_than_its_premium(self) -> None:
        """At one per cent of JKK the premiums of small wages are rounded to nothing."""
        split = bookkeeping.premiums(
            accident=0, death=0, insured=Insured(4_000_000, 0, 0), terms=terms(Month(2021, 1), relief_covid=True)
        )
        assert split == Premiums(0, 0, 0)

    def test_it_stands_in_the_books(self, fund: Fund) -> None:
        Employment.objects.update(job_loss_insured=False)
        Employment.objects.filter(member_number=ANI).update(job_loss_insured=True)
        fund.pay_return(fund.report("".join(ROWS.values())).returned)
        totals = ledger.control_totals()
        assert totals["premium_job_loss"] == -7_000
        assert totals["premium_accident"] == -(27_000 + 108_000 + 16_200 - 7_000)
        assert totals["premium_death"] == -84_000
        check()


class TestReliefs:
    def test_a_labour_intensive_employer_owes_half_of_jkk(self, fund: Fund) -> None:
        registry.note_reliefs(fund.employer(), labour_intensive=True, relief_covid=False)
        returned = fund.report(ROWS[ANI]).returned
        assert returned.lines.get().jkk == 13_500
        assert returned.terms["labour_intensive"] is True

    def test_an_employer_in_the_relief_of_2020_owes_a_hundredth_and_has_until_the_30th(self, fund: Fund) -> None:
        registry.note_reliefs(fund.employer(), labour_intensive=False, relief_covid=True)
        returned = fund.report(ROWS[ANI], month=Month(2020, 10), today=date(2020, 11, 2)).returned
        line = returned.lines.get()
        assert (line.jkk, line.jkm) == (270, 150)
        assert returned.payment_code.due == date(2020, 11, 30)

    def test_a_correction_keeps_the_terms_of_the_return(self, fund: Fund) -> None:
        """What is registered now is not what was true then."""
        returned = fund.report(ROWS[ANI]).returned
        fund.pay_return(returned)
        registry.note_reliefs(fund.employer(), labour_intensive=True, relief_covid=False)
        correction = fund.correct(returned, member=ANI, wage=6_000_000).correction
        assert correction.lines.get().jkk == 32_400


class TestSets:
    @pytest.fixture
    def others(self, fund: Fund) -> list[Fund]:
        made = []
        for place in range(1, 6):
            employer = registry.register_employer(
                full_number=f"0000010{place}-000", name="PT", risk_class="I", size="large"
            )
            hired = [registry.NewEmployment(number, date(2020, 1, 1)) for number in (ANI, BUDI, CICI)]
            registry.start_employments(employer, hired)
            made.append(Fund(employer.full_number))
        return made

    def test_a_month_counts_once_in_a_set_of_many_employers(self, others: list[Fund]) -> None:
        paid(*[other.report("".join(ROWS.values())).returned for other in others])
        done = actions.settle_paid(now=NOW)
        assert (done.returns, done.members, done.refused) == (5, 15, ())
        assert actions.settle_paid(now=NOW) is None
        balance = others[0].balance(ANI)
        assert (balance.old_age_contributions, balance.pension_months_paid) == (5 * 285_000, 1)
        check()

    def test_a_set_has_so_many_lines_and_at_least_one_return(self, others: list[Fund]) -> None:
        paid(*[other.report("".join(ROWS.values())).returned for other in others])
        sets = []
        last = 0
        while (done := actions.settle_paid(now=NOW, lines=7, after=last)) is not None:
            sets.append(done.members)
            last = done.last
        assert sets == [6, 6, 3]
        paid(others[0].report("".join(ROWS.values()), month=Month(2025, 10)).returned)
        assert actions.settle_paid(now=NOW, lines=1).members == 3

    def test_the_number_of_statements_does_not_grow_with_the_returns(self, others: list[Fund]) -> None:
        def statements(returns: list[Return]) -> int:
            paid(*returns)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                actions.settle_paid(now=NOW)
            return len(captured)

        rows = "".join(ROWS.values())
        statements([others[0].report(rows).returned])
        one = statements([others[1].report(rows).returned])
        assert statements([other.report(rows).returned for other in others[2:]]) == one

    def test_what_the_books_refuse_stops_no_other(
        self, others: list[Fund], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """One of five can't be posted, whose key stands for something else already."""
        from lumbung.ledger import actions as books
        from lumbung.ledger.drafts import Draft

        returns = [other.report("".join(ROWS.values())).returned for other in others]
        paid(*returns)
        wrong = returns[3]
        books.post(Draft(f"return:{wrong.pk}", "x", TODAY, (("bank", 1), ("suspense", -1))), now=NOW)
        for _ in range(2):
            drained = actions.drain(clock=lambda: NOW)
            assert drained.refused == (wrong.pk,)
        states = list(Return.objects.order_by("pk").values_list("state", flat=True))
        assert states == ["settled", "settled", "settled", "open", "settled"]
        said = capsys.readouterr().err
        assert "return_not_settled" in said
        assert ANI not in said
        check()

    def test_progress_is_told(self, others: list[Fund]) -> None:
        paid(*[other.report("".join(ROWS.values())).returned for other in others])
        told: list[tuple[int, int]] = []
        actions.drain(clock=lambda: NOW, lines=6, progress=lambda done, of: told.append((done, of)))
        assert told == [(0, 15), (6, 15), (12, 15), (15, 15)]

    def test_late_and_timely_payments_of_one_set_are_told_apart(self, others: list[Fund]) -> None:
        from lumbung.billing.models import Bill

        late = others[0].report(ROWS[ANI], month=Month(2025, 9)).returned
        timely = others[1].report(ROWS[ANI]).returned
        paid(late, timely)
        actions.settle_paid(now=NOW)
        (bill,) = Bill.objects.all()
        assert (bill.late_code_id, bill.late_paid_on, bill.state) == (late.payment_code_id, TODAY, "open")


class TestCover:
    """Who insures himself is covered by what he pays himself."""

    def test_a_self_employed_member_is_active_by_his_own_payments(self, fund: Fund) -> None:
        from lumbung.billing import actions as billing

        registry.register_persons([registry.NewPerson("Eka Contoh", date(1991, 1, 1), ("40000000004",))])
        person = MemberNumber.objects.get(pk="40000000004").person_id
        assert queries.status(person, today=TODAY).reason == "no_employment"
        registry.enrol_self_employed(
            [registry.NewSelfEmployment("40000000004", 2_600_000, False, "other", date(2025, 1, 1))]
        )
        unpaid = queries.status(person, today=TODAY)
        assert (unpaid.active, unpaid.reason, unpaid.self_insured) == (False, "not_paid", True)
        billed = billing.issue_self_employed("40000000004", first=Month(2025, 9), months=1, now=NOW)
        line = f"{billed.payment_code.code},{billed.payment_code.amount},{TODAY},R-1"
        payments.take_in_bank_file(f"{HEADER}\n{line}\n".encode(), today=TODAY, now=NOW)
        assert billing.settle_paid(now=NOW) == 1
        status = queries.status(person, today=TODAY)
        assert (status.active, status.employer_name, status.programmes) == (True, None, ("JKK", "JKM"))
        assert status.last_month_paid == Month(2025, 9)
        late = queries.status(person, today=date(2025, 12, 20))
        assert late.active is False, "October to December are the last three due months then"

    def test_what_was_taken_back_covers_nobody(self, fund: Fund) -> None:
        person = MemberNumber.objects.get(pk=ANI).person_id
        returned = fund.report(ROWS[ANI]).returned
        fund.pay_return(returned)
        assert queries.status(person, today=TODAY).active
        fund.correct(returned, member=ANI, wage=0)
        assert queries.status(person, today=TODAY).last_month_paid is None
