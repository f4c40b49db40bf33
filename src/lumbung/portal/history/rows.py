"""The months of a record as rows in the reader's words, for the page and the files alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from lumbung.contributions.gaps import facts, words
from lumbung.contributions.gaps.facts import Line, Verdict
from lumbung.contributions.gaps.owed import expected_total, expected_wage
from lumbung.contributions.gaps.queries import Record, TakenBack
from lumbung.errors import marked
from lumbung.law.month import Month
from lumbung.wording import day_name, month_name

ATTENTION = "attention"
# What a share is called; in the order in which rows and files show them.
SHARES = {
    "jht_employer": marked("JHT, from employer"),
    "jht_member": marked("JHT, from you"),
    "jht": marked("JHT, from you"),
    "jp_employer": marked("JP, from employer"),
    "jp_member": marked("JP, from you"),
    "jkk": "JKK",
    "jkm": "JKM",
    "migrant": marked("JKK and JKM together"),
}
YOURSELF = marked("Paid by yourself")
SAVINGS = marked("Old-age savings abroad")
PREMIUM = marked("Work abroad, whole contract")


@dataclass(frozen=True, slots=True)
class Row:
    """One month in words: its `state` with the `sentence` about it, `who` must act `by` when (None: at once).

    `line` is the one whose figures are shown, None when nothing was reported; `wrong` what took it back; `waiting`
    the rupiah that a correction still asks for. Money is in whole rupiah, None where nobody knows.
    """

    month: Month
    member_number: str
    payer: str
    state: str
    kind: str
    sentence: str
    line: Line | None
    wrong: TakenBack | None = None
    who: str = ""
    by: date | None = None
    due: date | None = None
    is_problem: bool = False
    needs_nobody: bool = False
    expected: int | None = None
    expected_wage: int | None = None
    waiting: int = 0

    @property
    def shares(self) -> list[tuple[str, int]]:
        """What each share is called, and how much it is."""
        return [(gettext(SHARES[column]), amount) for column, amount in self.line.shares] if self.line else []

    @property
    def other_wage(self) -> int | None:
        """The wage that was to be reported, where it is another than was reported and paid."""
        is_told = self.line is not None and self.line.wage == self.expected_wage
        return self.expected_wage if self.is_problem and not is_told else None

    @property
    def paid(self) -> int:
        """What was paid and counts, in rupiah."""
        return self.line.total if self.line and self.line.paid_on and not self.wrong else 0


def of(record: Record, *, state: str = "", payer: int | None = None) -> list[Row]:
    """The rows of a record, the newest month first: of one state (or `attention`), of one employer when asked."""
    rows = [_row(one) for one in record.verdicts if _is_asked(one, state) and payer in {None, one.payer}]
    if not state:
        rows += [_wrong(one) for one in record.taken_back if payer in {None, one.line.payer}]
    return sorted(rows, key=lambda row: (-row.month.year, -row.month.month, row.payer, row.wrong is not None))


def _is_asked(verdict: Verdict, state: str) -> bool:
    return verdict.is_problem if state == ATTENTION else state in {"", verdict.state}


def _row(verdict: Verdict) -> Row:
    is_nobody = verdict.who is facts.Who.NOBODY
    return Row(
        month=verdict.month,
        member_number=verdict.member_number,
        payer=_payer(verdict.segment, verdict.payer_name),
        state=gettext(words.name(verdict)),
        kind=words.kind(verdict.state),
        sentence=words.say(verdict, gettext, day=day_name, month=month_name),
        line=verdict.line,
        who=gettext(words.WHO[verdict.who]),
        by=verdict.by,
        due=verdict.due,
        is_problem=verdict.is_problem,
        needs_nobody=is_nobody,
        expected=expected_total(verdict),
        expected_wage=expected_wage(verdict),
        waiting=verdict.waiting,
    )


def _payer(segment: str, name: str) -> str:
    own = {facts.BPU: YOURSELF, facts.PMI: PREMIUM, facts.PMI_SAVINGS: SAVINGS}
    return gettext(own[segment]) if segment in own else name


def _wrong(one: TakenBack) -> Row:
    said = [gettext("Taken back on {day}.").format(day=day_name(one.on))]
    if one.right_month is None:
        said.append(gettext("It was not yours."))
    else:
        said.append(gettext("The right one is under {month}.").format(month=month_name(one.right_month)))
    said.append(gettext("Reason: {reason}").format(reason=one.reason))
    return Row(
        month=one.line.month,
        member_number=one.line.member_number,
        payer=one.line.payer_name,
        state=gettext("Wrong"),
        kind="bad",
        sentence=" ".join(said),
        line=one.line,
        wrong=one,
        who=gettext(words.WHO[facts.Who.NOBODY]),
        needs_nobody=True,
    )


def put_right(line: Line | None) -> str:
    """What a correction's line stands for and why, in a sentence; nothing for other lines."""
    if line is None or line.corrects_month is None:
        return ""
    stands = gettext("It stands for the wrong one under {month}.").format(month=month_name(line.corrects_month))
    return f"{stands} {gettext('Reason: {reason}').format(reason=line.reason)}"


def states(verdicts: Iterable[Verdict]) -> list[tuple[str, str]]:
    """The states among the verdicts with their names, those that need attention first."""
    found = {one.state: words.name(one) for one in verdicts}
    return [(state, gettext(name)) for state, name in sorted(found.items(), key=lambda one: words.kind(one[0]))]


def needing(verdicts: Sequence[Verdict]) -> int:
    """How many of the months need somebody's attention."""
    return sum(one.is_problem for one in verdicts)
