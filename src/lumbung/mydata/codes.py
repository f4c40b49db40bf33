"""What each code in a member's data means.

A test walks all columns: one that holds words, is no code of `CODES` and does not stand in `FREE` fails it.
"""

from collections.abc import Mapping

from lumbung.accounts.access_events import DOORS, ROLES, UNKNOWN, WORDS
from lumbung.accounts.telling.kinds import KINDS
from lumbung.casework import words as cases
from lumbung.development.bookkeeping import SKIPPED
from lumbung.errors import marked
from lumbung.profiles.banks import banks
from lumbung.profiles.consents.purposes import PURPOSES
from lumbung.profiles.models import Heir

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
PLACES = DOORS | {"": marked("Not taken back")}
SENDING = {
    "queued": marked("Waits to be sent"),
    "claimed": marked("Being sent"),
    "sent": marked("Sent"),
    "failed": marked("Not sent"),
}
NOT_SENT = {
    "": marked("No reason"),
    "expired": marked("It was too late to be of use"),
    "gone": marked("The device takes none any more"),
    "limit": marked("Too many in an hour"),
    "nobody": marked("It was meant for nobody"),
    "refused": marked("The network refused it"),
    "stopped": marked("You had stopped such texts"),
    "undelivered": marked("The network could not bring it"),
    "unknown": marked("Nobody knows whether it arrived"),
    "unreachable": marked("The phone could not be reached"),
}
REFUSED = marked("Refused: the data did not match")

# (table, column) → code → what it means, a sentence of the catalogue.
CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("person", "language"): LANGUAGES,
    ("heirs", "relation"): {each.value: str(each.label) for each in Heir.Relation},
    ("bank_accounts", "bank"): {code: bank.name for code, bank in banks().items()},
    ("notice_choices", "kind"): {code: kind.title for code, kind in KINDS.items()},
    ("consents", "purpose"): {code: purpose.title for code, purpose in PURPOSES.items()},
    ("consents", "language"): LANGUAGES,
    ("consents", "given_place"): DOORS,
    ("consents", "withdrawn_place"): PLACES,
    ("self_employments", "sector"): {
        "transport": marked("Driver or carrier"),
        "other": marked("Any other work"),
    },
    ("contributions", "state"): {
        "open": marked("Reported, not paid yet"),
        "replaced": marked("Replaced by a newer report"),
        "settled": marked("Paid and booked"),
    },
    ("bills", "kind"): {
        "self_employed": marked("Contribution of who works for himself"),
        "construction": marked("Contribution for a building project"),
        "migrant": marked("Contribution for work abroad"),
        "late_fine": marked("Fine for paying late"),
    },
    ("bills", "state"): {
        "open": marked("To be paid"),
        "settled": marked("Paid and booked"),
        "void": marked("Withdrawn before it was paid"),
        "taken_back": marked("Paid, wrong, and taken back"),
    },
    ("development", "skipped"): SKIPPED | {"": marked("Credited")},
    ("account", "kind"): {
        "member": marked("Member"),
        "employer": marked("Employer"),
        "officer": marked("Officer"),
        "program": marked("Program"),
    },
    ("account", "language"): LANGUAGES,
    ("log_in_factors", "type"): {
        "recovery_codes": marked("Recovery codes"),
        "totp": marked("App for codes"),
        "webauthn": marked("Passkey"),
    },
    ("contact_changes", "kind"): {
        "phone": marked("Phone"),
        "email": marked("E-mail"),
        "bank": marked("Bank account"),
    },
    ("read_only_times", "cause"): {
        "recovered": marked("Opened anew without any old phone or e-mail address"),
        "locked": marked("Locked"),
    },
    ("access_log", "what"): WORDS,
    ("access_log", "place"): DOORS,
    ("access_log", "who"): ROLES
    | {"member": marked("A member's account, as a rule yours"), "": UNKNOWN},
    ("requests", "kind"): cases.KINDS,
    ("requests", "state"): cases.STATES,
    ("papers", "kind"): {"card": marked("Membership card"), "statement": marked("Statement")},
    ("texts_to_me", "state"): SENDING,
    ("mails_to_me", "state"): SENDING,
    ("texts_to_me", "reason"): NOT_SENT,
    ("mails_to_me", "reason"): NOT_SENT,
    ("texts_to_me", "receipt"): {
        "none": marked("Nothing heard"),
        "accepted": marked("On its way to the phone"),
        "undelivered": marked("Not brought to the phone"),
        "delivered": marked("Brought to the phone"),
    },
    ("locks", "place"): DOORS,
    ("texts_from_me", "state"): {
        "waiting": marked("Waits for an answer"),
        "answered": marked("Answered"),
        "silent": marked("Not answered"),
    },
    ("texts_from_me", "outcome"): {
        "": marked("Nothing yet"),
        "balance": marked("The balance was told"),
        "status": marked("The status was told"),
        "contributions": marked("Contributions were told"),
        "gaps": marked("Missing months were told"),
        "card": marked("The card was told"),
        "claim": marked("What can be claimed was told"),
        "lock": marked("The account was locked"),
        "locked": marked("The account was locked"),
        "lock_capped": marked("Refused: locked too often in a week"),
        "unlock": marked("How to unlock was told"),
        "stop": marked("Texts were stopped"),
        "stopped": marked("Texts were stopped"),
        "start": marked("Texts were allowed again"),
        "started": marked("Texts were allowed again"),
        "several": marked("The member number was asked for"),
        "balance_refused": REFUSED,
        "refused": REFUSED,
        "register": marked("The phone was registered for a number"),
        "register_refused": REFUSED,
        "register_capped": marked("Refused: too many tries that day"),
        "registered": marked("The phone was registered for a number"),
        "malformed": marked("The text could not be read"),
        "unknown": marked("The text could not be read"),
        "help": marked("Help was sent"),
        "helped": marked("Help was sent"),
        "too_many": marked("No answer: too many texts in an hour"),
        "no_phone": marked("No answer: the sender was no phone"),
        "crowded": marked("No answer: very many texts waited"),
    },
}  # fmt: skip

# Columns with words that are nobody's codes: what people wrote, numbers of things, fingerprints.
FREE = frozenset(
    """
    name nik phone email address number holder member_number employer username reason note user_agent reference
    text digest law_version payment_code old new ip facts word
    """.split()  # noqa: SIM905
)

# What stands inside the facts of a year that was told; the amounts are whole rupiah.
YEAR = {
    "opening": marked("Savings before the year"),
    "contributions": marked("Contributions of the year"),
    "months": marked("Months paid"),
    "employers": marked("Employers"),
    "result": marked("What the savings earned"),
    "rate": marked("Percent a year"),
    "withdrawals": marked("Paid out in the year"),
    "closing": marked("Savings after the year"),
    "pension": marked("Pension contributions of the year"),
    "old_age_on": marked("Old-age savings expected on"),
    "old_age_future": marked("Old-age savings expected"),
    "old_age_today": marked("The same in today's prices"),
    "pension_kind": marked("Pension paid"),
    "pension_from": marked("Pension expected from"),
    "pension_future": marked("Pension expected"),
    "pension_today": marked("Pension in today's prices"),
}
