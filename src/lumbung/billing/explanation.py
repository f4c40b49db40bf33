"""Why a bill asks for what it asks: the law's derivation beside what was billed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lumbung.billing.models import Bill
from lumbung.errors import Refusal
from lumbung.law import explanations
from lumbung.law.derivation import Step
from lumbung.law.month import Month

SHARES = ("jht", "jkk", "jkm", "migrant")


@dataclass(frozen=True, slots=True)
class Explained:
    """One bill of a member. `derivation` is None where the law says nothing; `refusal` says why."""

    bill: Bill = field(repr=False)
    month: Month
    shares: tuple[tuple[str, int], ...] = field(repr=False)
    derivation: Step | None = field(repr=False)
    refusal: Refusal | None

    @property
    def agrees(self) -> bool:
        """Whether the law, as it is kept now, gives the sum that was billed."""
        return self.derivation is None or self.derivation.value == self.bill.total


def bill_of(bill_id: int, member_numbers: Sequence[str]) -> Bill | None:
    """The bill, when it is one of these numbers' and not withdrawn, with all that explains it. One statement."""
    found = Bill.objects.filter(pk=bill_id, member_number__in=member_numbers).exclude(state=Bill.State.VOID)
    return found.select_related("enrolment", "contract", "payment_code__receipt").first()


def explain(bill: Bill) -> Explained:
    """The bill beside what the law gives on what the member declared or agreed."""
    starts = bill.month or (bill.contract.departs_on if bill.contract else None)
    assert starts is not None, "the database holds it for every bill of a member"
    month = Month.of(starts)
    tree, refusal = None, None
    try:
        tree = _self_employed(bill, month) if bill.enrolment else _migrant(bill, month)
    except Refusal as silent:
        refusal = silent
    shares = tuple((name, getattr(bill, name)) for name in SHARES if getattr(bill, name))
    return Explained(bill, month, shares, tree, refusal)


def _self_employed(bill: Bill, month: Month) -> Step:
    enrolment = bill.enrolment
    assert enrolment is not None, "the database holds it for a self-employed member's bill"
    return explanations.self_employed_contribution(
        income=enrolment.income,
        month=month,
        programmes=enrolment.programmes,
        sector=enrolment.sector,
        relief_covid=enrolment.relief_covid,
        paid_by_state=enrolment.paid_by_state,
    )


def _migrant(bill: Bill, month: Month) -> Step:
    """The premium of the whole contract; of a month of old age, the sum that was chosen."""
    contract = bill.contract
    assert contract is not None, "the database holds it for a migrant worker's bill"
    tree = explanations.migrant_contribution(
        contract_months=contract.contract_months,
        month=month,
        extension_months=contract.extension_months if bill.month is None else 0,
        agency=contract.agency,
        old_age=0 if bill.month is None else contract.old_age,
    )
    return tree if bill.month is None else tree.find("old_age")
