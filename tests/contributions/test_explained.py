"""The figure that an explanation shows is the figure that was taken in, and the one that was posted."""

from datetime import UTC, date, datetime

import pytest
from fund import ANI, BUDI, CICI, ROWS, Fund

from lumbung.contributions.models import ReturnLine
from lumbung.contributions.queries import terms_of
from lumbung.development import actions as development
from lumbung.development.models import DevelopmentWorking
from lumbung.law import explanations
from lumbung.law.derivation import recomputed, walk
from lumbung.law.month import Month
from lumbung.ledger import queries as ledger

PARTS = ("jht_employer", "jht_member", "jp_employer", "jp_member", "jkk", "jkm")


@pytest.mark.parametrize("month", [Month(2025, 1), Month(2025, 3), Month(2025, 9)])
def test_a_contribution_is_explained_as_it_was_posted(fund: Fund, month: Month) -> None:
    day = (month + 1).first_day
    now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    returned = fund.report("".join(ROWS.values()), month=month, today=day, now=now).returned
    code = returned.payment_code
    fund.pay(f"{code.code},{code.amount},{day},R", today=day, now=now)
    terms = terms_of(fund.employer(), month)
    for number in (ANI, BUDI, CICI):
        line = ReturnLine.objects.get(returned=returned, member_number=number)
        tree = explanations.contribution(
            wage=line.wage + line.back_pay,
            month=month,
            risk_class=terms.risk_class,
            programmes=terms.programmes,
            labour_intensive=terms.labour_intensive,
            relief_covid=terms.relief_covid,
        )
        assert all(recomputed(step) == step.value for step in walk(tree))
        shown = {part: tree.find(part).whole for part in PARTS}
        assert shown == {part: getattr(line, part) for part in PARTS}
        (posted,) = ledger.history(number)
        assert posted.contribution == shown["jht_employer"] + shown["jht_member"]
        assert posted.pension == shown["jp_employer"] + shown["jp_member"]


def test_a_development_result_is_explained_as_it_was_posted(fund: Fund) -> None:
    for month in (Month(2024, 5), Month(2024, 10)):
        day = (month + 1).first_day
        now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        returned = fund.report(ROWS[ANI], month=month, today=day, now=now).returned
        code = returned.payment_code
        fund.pay(f"{code.code},{code.amount},{day},R-{month}", today=day, now=now)
    development.credit(
        year=2024, rate="5.60", decree="Decree 12 (invented)", now=datetime(2025, 2, 1, 4, tzinfo=UTC)
    )
    lines = ledger.history(ANI)
    posted = next(line for line in lines if line.development)
    moves = [(Month.of(line.day), line.contribution) for line in lines if line.contribution]
    tree = explanations.year_of_development(opening=0, rate="5.60", contributions=moves)
    working = DevelopmentWorking.objects.get(year=2024, member_number=ANI)
    assert tree.value == posted.development == working.entitled
    assert posted.day == date(2024, 12, 31)
