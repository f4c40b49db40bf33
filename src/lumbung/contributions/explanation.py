"""Why a member's contributions of a month are what they are: the law's derivation beside what was taken in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lumbung.contributions import queries
from lumbung.contributions.bookkeeping import return_key
from lumbung.contributions.judging import Terms
from lumbung.contributions.models import Return, ReturnLine
from lumbung.errors import Refusal
from lumbung.law import explanations
from lumbung.law.derivation import Step
from lumbung.law.month import Month

SHARES = ("jht_employer", "jht_member", "jp_employer", "jp_member", "jkk", "jkm")


@dataclass(frozen=True, slots=True)
class Share:
    """One share of a month as it was taken in, in rupiah, and what the law gives today (None: it says nothing)."""

    name: str
    amount: int = field(repr=False)
    by_law: int | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Explained:
    """One line of a return. `derivation` is None where the law says nothing of the month; `refusal` says why.

    `agrees` is false when the law, as it is kept now, gives other figures than were taken in.
    """

    line: ReturnLine = field(repr=False)
    month: Month
    shares: tuple[Share, ...]
    derivation: Step | None = field(repr=False)
    refusal: Refusal | None

    @property
    def returned(self) -> Return:
        """The employer's return that the line stands in."""
        return self.line.returned

    @property
    def agrees(self) -> bool:
        return all(share.by_law in {None, share.amount} for share in self.shares)

    @property
    def total(self) -> int:
        """All shares together, in rupiah."""
        return sum(share.amount for share in self.shares)

    @property
    def keys(self) -> list[str]:
        """The keys of the entries in which the return stands."""
        return [return_key(self.returned.pk, place) for place in range(1, self.returned.entry_count + 1)]


def lines_of(return_id: int, member_numbers: Sequence[str]) -> list[ReturnLine]:
    """The lines that these numbers have in a return, with all that explains them; not in one that was replaced.

    One statement.
    """
    found = ReturnLine.objects.filter(returned=return_id, member_number__in=member_numbers)
    found = found.exclude(returned__state=Return.State.REPLACED).order_by("line")
    beside = ("returned__employer", "returned__payment_code__receipt", "returned__corrects", "taken_back__by")
    return list(found.select_related(*beside))


def explain(line: ReturnLine) -> Explained:
    """The line beside what the law gives on its wage, by the terms that its return kept."""
    month = Month.of(line.returned.month)
    kept = line.returned.terms
    terms = Terms.of(month, kept) if kept else queries.terms_of(line.returned.employer, month)
    tree, refusal = None, None
    try:
        tree = explanations.contribution(
            wage=line.wage + line.back_pay,
            month=month,
            risk_class=terms.risk_class,
            programmes=terms.programmes,
            labour_intensive=terms.labour_intensive,
            relief_covid=terms.relief_covid,
        )
    except Refusal as silent:
        refusal = silent
    shares = tuple(Share(name, getattr(line, name), _by_law(tree, name)) for name in SHARES)
    return Explained(line, month, shares, tree, refusal)


def _by_law(tree: Step | None, name: str) -> int | None:
    if tree is None:
        return None
    try:
        return tree.find(name).whole
    except KeyError:
        return 0  # a programme that the employer does not take part in
