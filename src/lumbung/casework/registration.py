"""A registration that an officer decides, because no contact on file can be reached any more."""

from collections.abc import Mapping
from datetime import datetime

from lumbung.accounts.models import User
from lumbung.accounts.registration.actions import confirm_by_officer
from lumbung.accounts.registration.errors import RegistrationGone
from lumbung.accounts.registration.ways import Way
from lumbung.casework.models import Case


def accept(case: Case, facts: Mapping[str, str], officer: User, now: datetime) -> None:
    """Confirm the user and put the contact on file that he confirmed. Raises RegistrationGone.

    The facts: `phone` in E.164 or `email`, whichever was confirmed.
    """
    if case.user_id is None:
        raise RegistrationGone
    way = Way.SMS if "phone" in facts else Way.EMAIL
    confirm_by_officer(case.user_id, way, facts.get("phone") or facts["email"], officer=officer, now=now)
