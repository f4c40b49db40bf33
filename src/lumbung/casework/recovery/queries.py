"""What became of the code that an officer gave, and whether another one may be given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.accounts.models import RecoveryCode
from lumbung.accounts.recovery import queries as recovery
from lumbung.casework import queries
from lumbung.casework.models import Case
from lumbung.errors import marked

# So long after the identity was checked another code may be given; later the member asks and is checked anew.
ANOTHER_FOR = timedelta(days=7)
# What became of a code → how an officer reads it.
WORDS = {
    "good": marked("Not used yet"),
    "used": marked("Used: the account was opened anew"),
    "withdrawn": marked("Taken back"),
    "late": marked("Too old"),
    "spent": marked("Typed wrong too often"),
}


@dataclass(frozen=True, slots=True)
class Handed:
    """The newest code of an accepted request. `code_id` is 0 when there is none."""

    code_id: int
    given_at: datetime | None
    expires_at: datetime | None
    state: str
    may_give: bool

    @property
    def may_withdraw(self) -> bool:
        return self.state == "good"

    @property
    def words(self) -> str:
        """What became of it, a sentence of the catalogue."""
        return WORDS[self.state]


def handed(case: Case, now: datetime) -> Handed | None:
    """The code that followed from a request to be let in again; None when none did."""
    if case.kind != Case.Kind.RECOVERY or case.state != Case.State.ACCEPTED or case.decided_at is None:
        return None
    code = recovery.newest_code(case.person, since=case.decided_at)
    newest = queries.of_person(case.person).filter(kind=Case.Kind.RECOVERY).first()
    state = "withdrawn" if code is None else _state(code, now)
    may_give = state != "used" and newest == case and now < case.decided_at + ANOTHER_FOR
    if code is None:
        return Handed(0, None, None, state, may_give)
    return Handed(code.pk, code.given_at, code.expires_at, state, may_give)


def _state(code: RecoveryCode, now: datetime) -> str:
    if code.used_at is not None:
        return "used"
    if code.withdrawn_at is not None:
        return "withdrawn"
    if code.expires_at <= now:
        return "late"
    return "spent" if recovery.is_spent(code) else "good"
