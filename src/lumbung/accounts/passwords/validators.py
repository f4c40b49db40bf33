"""The policy as Django asks for it, so that every way to set a password goes through it."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from lumbung.accounts.models import User
from lumbung.accounts.passwords import breached, policy, queries


@cache
def _common() -> frozenset[str]:
    """Django's list of 20,000 passwords that are used most."""
    return frozenset(CommonPasswordValidator().passwords)


def is_breached(password: str) -> bool:
    """Whether the operator's file lists it; no file, no finding."""
    path = settings.LUMBUNG_BREACHED_PASSWORDS
    return bool(path) and breached.is_breached(password, Path(path))


class PolicyValidator:
    """Refuses a password with every reason, each a ValidationError with its code."""

    def validate(self, password: str, user: User | None = None) -> None:
        found = policy.reasons(
            password,
            least=queries.least_length(user),
            personal=policy.Personal() if user is None else queries.personal(user),
            is_common=lambda text: text in _common(),
            is_breached=is_breached,
        )
        if found:
            raise ValidationError(
                [
                    ValidationError(gettext(policy.SENTENCES[each.code]), code=each.code, params=each.facts)
                    for each in found
                ]
            )

    def get_help_text(self) -> str:
        return gettext(
            "Use at least %(least)s characters, for example four or five words that have nothing to do with each "
            "other or with you. Blanks count. No capitals, digits or signs are needed."
        ) % {"least": policy.LEAST}
