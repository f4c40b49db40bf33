"""What notices say, by word and version: in the inbox and by mail at length, by SMS in one text.

A message of the inbox names word and version, so what was said stays said. A better sentence is a new version
below the old ones. An SMS has no link, and is one text in both languages with the longest facts (a test reckons).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lumbung.errors import marked


@dataclass(frozen=True, slots=True)
class Words:
    """One version. `title` is the mail's subject too, `mail` its text where it says less than the inbox."""

    title: str
    text: str
    sms: str = ""
    mail: str = ""

    @property
    def by_mail(self) -> str:
        return self.mail or self.text


@dataclass(frozen=True, slots=True)
class Word:
    """All versions of a word, the oldest first. `kind` is of kinds.KINDS, `about` says what it is about."""

    kind: str
    about: str
    versions: tuple[Words, ...]


def _said(kind: str, about: str, *versions: Words) -> Word:
    return Word(kind, about, versions)


CONTRIBUTION, SAVINGS, REQUEST, PAPER, ANNOUNCEMENT = "contribution", "savings", "request", "paper", "announcement"
ABOUT = (CONTRIBUTION, SAVINGS, REQUEST, PAPER, ANNOUNCEMENT)

_DECIDED_SMS = marked("Lumbung: your request is decided. Log in as always and read the answer under My requests.")
_DECIDED_MAIL = marked(
    "The fund's office has decided your request. Its answer stands in your inbox and under My requests."
)

WORDS: Mapping[str, Word] = {
    "contribution_credited": _said(
        "contribution",
        CONTRIBUTION,
        Words(
            marked("Your contribution for {month} came in"),
            marked(
                "{employer} paid your contribution for {month}.\n\nReported wage: {wage}\nPaid in for you: "
                "{amount}\n\nCompare the wage with your payslip. If it is not the same, ask your employer."
            ),
            marked(
                "Lumbung: contribution {month} from {employer} came in: {amount}, wage {wage}. Not as on your "
                "payslip? Ask your employer."
            ),
        ),
    ),
    "contribution_corrected": _said(
        "contribution",
        CONTRIBUTION,
        Words(
            marked("Your contribution for {month} was put right"),
            marked(
                "{employer} corrected what was reported for {month}.\n\nWage now: {wage}\nPaid in for you now: "
                "{amount}\n\nYour history shows what stood there before, and why it was changed."
            ),
            marked(
                "Lumbung: contribution {month} from {employer} was corrected. Now {amount}, wage {wage}. Your "
                "history says why."
            ),
        ),
    ),
    "own_contribution_credited": _said(
        "contribution",
        CONTRIBUTION,
        Words(
            marked("Your contribution for {month} came in"),
            marked("You paid your own contribution for {month}. Paid in for you: {amount}"),
            marked("Lumbung: your own contribution for {month} came in: {amount}. Thank you."),
        ),
    ),
    "month_unpaid": _said(
        "month_unpaid",
        CONTRIBUTION,
        Words(
            marked("{month} was not paid for you"),
            marked(
                "{employer} should have paid your contribution for {month} by {due}, and has not.\n\nWhat you can "
                "do: ask your employer when it will be paid, and keep your payslip. If your employer does not "
                "pay, come to the fund's office."
            ),
            marked(
                "Lumbung: {employer} has not paid your contribution for {month}, due {due}. Ask your employer and "
                "keep your payslip."
            ),
        ),
    ),
    "own_month_unpaid": _said(
        "month_unpaid",
        CONTRIBUTION,
        Words(
            marked("{month} is not paid"),
            marked(
                "Your own contribution for {month} was due on {due} and has not come. Pay it to be covered again. "
                "The fund's office gives you a payment code."
            ),
            marked(
                "Lumbung: your own contribution for {month} was due {due} and has not come. Pay it to be covered "
                "again."
            ),
        ),
    ),
    "wage_lower": _said(
        "wage_lower",
        CONTRIBUTION,
        Words(
            marked("A lower wage was reported for {month}"),
            marked(
                "{employer} reported {wage} for {month}. In the months before it was {usual}.\n\nCompare it with "
                "your payslip. If it is wrong, your employer must put it right: your savings and benefits hang on "
                "it."
            ),
            marked(
                "Lumbung: {employer} reported a wage of {wage} for {month}, before {usual}. Wrong? Show your "
                "payslip to your employer."
            ),
        ),
    ),
    "development_credited": _said(
        "development",
        SAVINGS,
        Words(
            marked("Your savings earned {amount} in {year}"),
            marked(
                "The result of {year} on the old-age savings of member number {number} is credited: {amount}, at "
                "{rate} percent a year."
            ),
            marked("Lumbung: the result of {year} on your old-age savings ({number}) is credited: {amount}."),
        ),
    ),
    "development_adjusted": _said(
        "development",
        SAVINGS,
        Words(
            marked("The result of {year} was put right"),
            marked(
                "Something was booked later for {year}, so the result on the old-age savings of member number "
                "{number} was worked out again. The difference: {amount}"
            ),
            marked(
                "Lumbung: the result of {year} on your old-age savings ({number}) was worked out again. The "
                "difference: {amount}."
            ),
        ),
    ),
    "request_accepted": _said(
        "request",
        REQUEST,
        Words(
            marked("Your request was accepted"),
            marked("The fund's office writes: {note}"),
            _DECIDED_SMS,
            _DECIDED_MAIL,
        ),
    ),
    "request_refused": _said(
        "request",
        REQUEST,
        Words(
            marked("Your request was refused"),
            marked("The fund's office writes: {note}"),
            _DECIDED_SMS,
            _DECIDED_MAIL,
        ),
    ),
    "request_due": _said(
        "request",
        REQUEST,
        Words(
            marked("Your request is to be decided soon"),
            marked(
                "Your request of {at} is still open. The fund's office must decide it by {until}. You need to do "
                "nothing. If you hear nothing by then, ask the office and name that day."
            ),
            marked(
                "Lumbung: your request is still open and must be decided by {until}. Nothing by then? Ask the "
                "fund's office."
            ),
        ),
    ),
    "card_made": _said(
        "paper",
        PAPER,
        Words(
            marked("A membership card was made"),
            marked(
                "A membership card was made with your account on {at}. Was it not you? Set a new password, and "
                "tell the fund's office at once."
            ),
            marked(
                "Lumbung: a membership card was made with your account, {at}. Not you? Set a new password and "
                "tell the fund's office."
            ),
        ),
    ),
    "statement_made": _said(
        "paper",
        PAPER,
        Words(
            marked("A statement was made"),
            marked(
                "A statement of your balance was made with your account on {at}. Was it not you? Set a new "
                "password, and tell the fund's office at once."
            ),
            marked(
                "Lumbung: a statement was made with your account, {at}. Not you? Set a new password and tell the "
                "fund's office."
            ),
        ),
    ),
    "announcement": _said(
        "announcement",
        ANNOUNCEMENT,
        Words(
            marked("News from the fund: {headline}"),
            marked("There is a new announcement: {headline}\n\nRead it under Announcements."),
        ),
    ),
}


def newest(word: str) -> int:
    """The version that is sent now, counted from 1."""
    return len(WORDS[word].versions)


def of(word: str, version: int) -> Words:
    """What the word said in that version."""
    return WORDS[word].versions[version - 1]
