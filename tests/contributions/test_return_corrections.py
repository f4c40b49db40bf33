"""What a paid return said wrongly is put right in the books, and the member sees both and why."""

from datetime import date

import pytest
from fund import ANI, BUDI, CICI, MONTH, NOW, ROWS, TODAY, Fund, check, wrong_and_right

from lumbung.contributions import queries as contributions
from lumbung.contributions.corrections import queries
from lumbung.contributions.errors import (
    AlreadyTakenBack,
    CorrectionRefused,
    MonthNotYet,
    NothingToCorrect,
    NotInReturn,
    NotSettled,
    ReturnRefused,
)
from lumbung.contributions.models import Return, ReturnLine, TakenBack
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger
from lumbung.ledger.models import Entry

BEFORE = Month(2025, 10)


def paid_return(fund: Fund, *members: str, month: Month = MONTH, reference: str = "REF-1") -> Return:
    returned = fund.report("".join(ROWS[number] for number in members), month=month).returned
    fund.pay_return(returned, reference=reference)
    returned.refresh_from_db()
    return returned


def facts(fund: Fund, number: str) -> tuple[int, int, int]:
    balance = fund.balance(number)
    return balance.old_age_balance, balance.pension_contributions, balance.pension_months_paid


def refusal(raised: pytest.ExceptionInfo) -> list[str]:
    return [problem.code for problem in raised.value.problems]


class TestAWrongWage:
    def test_that_was_too_high_leaves_the_employer_a_credit(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI, BUDI)
        corrected = fund.correct(returned, member=ANI, wage=4_000_000, reason="Salah ketik")
        correction = corrected.correction
        assert (correction.state, correction.payment_code, correction.month) == ("settled", None, returned.month)
        assert correction.difference == -95_400
        assert facts(fund, ANI) == (228_000, 120_000, 1)
        assert facts(fund, BUDI) == (1_140_000, 316_422, 1), "nobody else's money has moved"
        assert wrong_and_right(ANI) == [
            ("2025-11", 4_000_000, "right", "Salah ketik"),
            ("2025-11", 5_000_000, "wrong", "Salah ketik"),
        ]
        assert wrong_and_right(BUDI) == [("2025-11", 20_000_000, "plain", "")]
        assert [(one.amount, one.corrects) for one in queries.surpluses(fund.employer())] == [
            (95_400, returned.pk)
        ]
        assert ledger.control_totals()["suspense"] == -95_400
        check()

    def test_that_was_too_low_waits_for_the_difference(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI)
        correction = fund.correct(returned, member=ANI, wage=6_000_000).correction
        assert (correction.state, correction.payment_code.amount) == ("open", 95_400)
        assert facts(fund, ANI) == (285_000, 150_000, 1), "nothing changes before it is paid"
        assert wrong_and_right(ANI) == [("2025-11", 5_000_000, "plain", "")]
        day = date(2025, 12, 3)
        fund.pay(f"{correction.payment_code_id},95400,{day},REF-2", today=day, now=NOW.replace(month=12, day=3))
        balance = fund.balance(ANI, day)
        assert (balance.old_age_balance, balance.pension_contributions, balance.pension_months_paid) == (
            342_000, 180_000, 1,
        )  # fmt: skip
        assert ledger.control_totals()["suspense"] == 0
        lines = [(line.day, line.contribution, line.pension) for line in ledger.history(ANI)]
        assert lines == [
            (TODAY, -285_000, -150_000),
            (day, 57_000, 30_000),
            (TODAY, 285_000, 150_000),
            (TODAY, 285_000, 150_000),
        ], "the money keeps the day on which the bank got it; only the difference has a later one"
        check()

    def test_is_corrected_again_through_all_its_entries(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI, BUDI)
        up = fund.correct(returned, member=ANI, wage=6_000_000).correction
        fund.pay_return(up, reference="REF-2")
        with pytest.raises(AlreadyTakenBack) as raised:
            fund.correct(returned, member=ANI, wage=7_000_000)
        assert raised.value.facts == {"by": up.pk}
        up.refresh_from_db()
        fund.correct(up, member=ANI, wage=4_500_000)
        assert facts(fund, ANI) == (256_500, 135_000, 1)
        assert [kind for _, _, kind, _ in wrong_and_right(ANI)] == ["right", "wrong", "wrong"]
        assert contributions.history_length([ANI]) == 3
        check()

    def test_of_zero_takes_the_line_back_alone(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI)
        correction = fund.correct(returned, member=ANI, wage=0).correction
        assert (correction.state, correction.entry_count, correction.difference) == ("settled", 0, -returned.total)
        assert facts(fund, ANI) == (0, 0, 0)
        check()

    def test_is_judged_by_the_rules_of_its_month(self, fund: Fund) -> None:
        """The cap of February 2025 is 10,042,300, that of March 10,547,400."""
        returned = paid_return(fund, BUDI, month=Month(2025, 2))
        correction = fund.correct(returned, member=BUDI, wage=12_000_000).correction
        assert correction.lines.get().jp_wage == 10_042_300


class TestAWrongMonth:
    def test_of_a_whole_return_reverses_its_entry(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI, BUDI, CICI)
        correction = fund.correct(returned, month=BEFORE, reason="Seharusnya Oktober").correction
        assert (correction.state, correction.difference) == ("settled", 0)
        assert Entry.objects.get(kind="reversal").reverses_id == returned.entry_id
        assert facts(fund, ANI) == (285_000, 150_000, 1)
        assert [(line.contribution_month, line.contribution) for line in ledger.history(ANI)] == [
            (MONTH.first_day, -285_000),
            (BEFORE.first_day, 285_000),
            (MONTH.first_day, 285_000),
        ]
        assert contributions.settled_members(fund.employer(), MONTH) == set()
        assert contributions.settled_members(fund.employer(), BEFORE) == {ANI, BUDI, CICI}
        wrong, right = sorted(contributions.history([ANI]), key=lambda paid: paid.month, reverse=True)
        assert (wrong.taken_back_by, wrong.taken_back_on, wrong.right_month) == (correction.pk, TODAY, BEFORE)
        assert (right.corrects, right.corrects_month) == (returned.pk, MONTH)
        check()

    def test_of_a_whole_return_lets_the_very_same_file_come_again(self, fund: Fund) -> None:
        """As when October's file was fed for November, and November's wages are the same."""
        first = paid_return(fund, ANI)
        fund.correct(first, month=BEFORE)
        again = fund.report(ROWS[ANI])
        assert (again.is_new, again.returned.edition) == (True, 2)
        assert not fund.report(ROWS[ANI]).is_new
        fund.pay_return(again.returned, reference="REF-2")
        assert not fund.report(ROWS[ANI]).is_new
        assert facts(fund, ANI) == (570_000, 300_000, 2)
        check()

    def test_of_one_member_frees_the_month_for_a_new_report(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI, BUDI)
        fund.correct(returned, member=ANI, month=BEFORE)
        with pytest.raises(ReturnRefused) as raised:
            fund.report(ROWS[ANI], month=BEFORE)
        assert refusal(raised) == ["already_paid"]
        again = fund.report(ROWS[ANI]).returned
        fund.pay_return(again, reference="REF-2")
        assert facts(fund, ANI) == (570_000, 300_000, 2)
        check()

    def test_is_refused_where_the_member_is_paid_or_reported_already(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI, BUDI)
        paid_return(fund, ANI, month=BEFORE, reference="REF-2")
        fund.report(ROWS[BUDI], month=BEFORE)
        with pytest.raises(CorrectionRefused) as raised:
            fund.correct(returned, month=BEFORE)
        assert refusal(raised) == ["already_paid", "already_reported"]
        with pytest.raises(CorrectionRefused) as raised:
            fund.correct(returned, month=Month(2019, 12))
        assert refusal(raised) == ["not_a_worker", "not_a_worker"]
        with pytest.raises(MonthNotYet):
            fund.correct(returned, month=Month(2025, 12))
        assert TakenBack.objects.count() == 0

    def test_a_correction_that_waits_keeps_its_month_from_other_reports(self, fund: Fund) -> None:
        """From February to November the pension's cap has risen, so the difference is asked for first."""
        returned = paid_return(fund, BUDI, month=Month(2025, 2))
        waiting = fund.correct(returned, month=MONTH).correction
        assert waiting.state == "open"
        with pytest.raises(ReturnRefused):
            fund.report(ROWS[BUDI])
        fund.report(ROWS[ANI])  # and a file for the month leaves the correction alone
        waiting.refresh_from_db()
        assert waiting.state == "open"
        fund.pay_return(waiting, reference="REF-2")
        assert facts(fund, BUDI) == (1_140_000, 316_422, 1)
        check()


class TestAWrongMember:
    def test_the_line_goes_to_its_member(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI)
        fund.correct(returned, member=ANI, member_number=BUDI, reason="Nomor tertukar")
        assert facts(fund, ANI) == (0, 0, 0)
        assert facts(fund, BUDI) == (285_000, 150_000, 1)
        (wrong,) = contributions.history([ANI])
        assert (wrong.taken_back_on, wrong.right_month) == (TODAY, None), "whose it is, is not told"
        (right,) = contributions.history([BUDI])
        assert (right.corrects, right.reason) == (returned.pk, "Nomor tertukar")
        check()

    def test_who_must_work_there_and_not_be_paid_already(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI, BUDI)
        for number, code in ((BUDI, "already_paid"), ("20000000099", "not_a_worker")):
            with pytest.raises(CorrectionRefused) as raised:
                fund.correct(returned, member=ANI, member_number=number)
            assert refusal(raised) == [code]


class TestPensionMonths:
    """A month counts once while any payment in force stands for it."""

    @pytest.fixture
    def second(self, fund: Fund) -> Fund:
        from lumbung.registry import actions

        other = actions.register_employer(full_number="00000009-000", name="X", risk_class="I", size="large")
        actions.start_employments(other, [actions.NewEmployment(n, date(2021, 1, 1)) for n in (ANI, BUDI)])
        return Fund(number="00000009-000")

    @pytest.mark.parametrize(
        ("change", "months"),
        [
            ({"wage": 4_000_000}, 1),
            ({"wage": 0}, 1),
            ({"month": BEFORE}, 2),
            ({"member_number": BUDI}, 1),
        ],
        ids=["wage", "taken back", "month", "member"],
    )
    @pytest.mark.parametrize("is_first", [True, False])
    def test_two_employers(
        self, fund: Fund, second: Fund, change: dict[str, object], months: int, is_first: bool
    ) -> None:
        first_paid = paid_return(fund, ANI)
        second_paid = paid_return(second, ANI, reference="REF-2")
        (fund if is_first else second).correct(first_paid if is_first else second_paid, member=ANI, **change)
        assert facts(fund, ANI)[2] == months
        assert facts(fund, BUDI)[2] == ("member_number" in change)
        check()

    def test_a_month_that_is_moved_onto_a_counted_one_counts_once(self, fund: Fund, second: Fund) -> None:
        returned = paid_return(fund, ANI)
        paid_return(second, ANI, month=BEFORE, reference="REF-2")
        assert facts(fund, ANI)[2] == 2
        fund.correct(returned, month=BEFORE)
        assert facts(fund, ANI)[2] == 1
        paid_return(fund, ANI, reference="REF-3")
        assert facts(fund, ANI)[2] == 2
        check()


class TestOnce:
    def test_the_same_correction_twice_is_one(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI)
        first = fund.correct(returned, member=ANI, wage=4_000_000)
        again = fund.correct(returned, member=ANI, wage=4_000_000)
        assert (first.is_new, again.is_new, again.correction.pk) == (True, False, first.correction.pk)
        assert Return.objects.filter(corrects__isnull=False).count() == 1

    def test_a_newer_one_replaces_what_waits_and_leaves_other_lines_alone(self, fund: Fund) -> None:
        returned = paid_return(fund, ANI, CICI)
        first = fund.correct(returned, member=ANI, wage=6_000_000).correction
        other = fund.correct(returned, member=CICI, wage=4_000_000).correction
        corrected = fund.correct(returned, member=ANI, wage=7_000_000)
        assert corrected.replaced == (first.payment_code_id,)
        assert fund.pay_return(first, reference="REF-2").held[0].held == "void_code"
        fund.pay_return(corrected.correction, reference="REF-3")
        fund.pay_return(other, reference="REF-4")
        assert facts(fund, ANI)[0] == 399_000
        assert facts(fund, CICI)[0] == 228_000
        check()

    def test_a_paid_correction_is_settled_before_anything_replaces_it(self, fund: Fund) -> None:
        from lumbung.payments import actions as payments

        returned = paid_return(fund, ANI)
        first = fund.correct(returned, member=ANI, wage=6_000_000).correction
        content = f"payment_code,amount,received_on,bank_reference\n{first.payment_code_id},95400,{TODAY},R9\n"
        payments.take_in_bank_file(content.encode(), today=TODAY, now=NOW)
        with pytest.raises(AlreadyTakenBack):
            fund.correct(returned, member=ANI, wage=7_000_000)
        assert facts(fund, ANI)[0] == 285_000, "what was refused has changed nothing, not even that"


def test_what_is_no_correction_is_refused(fund: Fund) -> None:
    unpaid = fund.report(ROWS[ANI]).returned
    with pytest.raises(NotSettled):
        fund.correct(unpaid, member=ANI, wage=4_000_000)
    fund.pay_return(unpaid)
    with pytest.raises(NotInReturn):
        fund.correct(unpaid, member=BUDI, wage=4_000_000)
    with pytest.raises(NothingToCorrect):
        fund.correct(unpaid, member=ANI, wage=5_000_000)


def test_a_member_without_savings_is_corrected_too(db: None) -> None:
    """A micro employer pays for accidents and deaths only: no member has a line in the books."""
    from fund import register

    register("00000008-001", size="micro")
    small = Fund(number="00000008-001")
    returned = paid_return(small, ANI, CICI)
    small.correct(returned, member=ANI, wage=4_000_000)
    totals = ledger.control_totals()
    assert (totals["premium_accident"], totals["premium_death"]) == (-(21_600 + 16_200), -(12_000 + 9_000))
    small.correct(returned, member=CICI, wage=2_000_000)
    assert ledger.control_totals()["premium_death"] == -(12_000 + 6_000)
    check()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE contributions_takenback SET by_id = by_id + 1",
        "DELETE FROM contributions_takenback",
        "TRUNCATE contributions_takenback",
        "INSERT INTO contributions_takenback SELECT line_id + 1000, by_id FROM contributions_takenback",
        "INSERT INTO contributions_takenback (line_id, by_id)"
        " SELECT l.id, t.by_id FROM contributions_takenback AS t, contributions_returnline AS l"
        " WHERE l.id NOT IN (SELECT line_id FROM contributions_takenback) LIMIT 1",
    ],
)
def test_the_database_keeps_what_was_taken_back(fund: Fund, statement: str) -> None:
    from django.db import DatabaseError, connection, transaction

    returned = paid_return(fund, ANI, BUDI)
    fund.correct(returned, member=ANI, wage=4_000_000)
    with (
        pytest.raises(DatabaseError, match=r"is kept|lines of the settled return|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert TakenBack.objects.get().line == ReturnLine.objects.get(returned=returned, member_number=ANI)
