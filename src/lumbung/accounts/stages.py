"""The steps between a right password and a session, where they differ from allauth's.

Only who registered by himself confirms a contact, and only the one he chose: allauth would ask everybody for every
contact. All other users are confirmed, and their second contact is confirmed on its own page, when they like.
"""

from typing import Any

from allauth.account import stages
from django.http import HttpResponse

SMS = "sms"
EMAIL = "email"
LINK = "link"


def chosen_way(stage: Any) -> str:
    """How the user wants to confirm: by a code in a text, by a code in a mail, or by a link in a mail."""
    way = stage.login.state.get("confirm_by")
    return str(way) if way in {SMS, EMAIL, LINK} else EMAIL


class PhoneStage(stages.PhoneVerificationStage):  # type: ignore[misc]
    """The code by SMS, for who registers and chose it."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if (user is not None and user.is_confirmed) or chosen_way(self) != SMS:
            return None, True
        response: tuple[HttpResponse | None, bool] = super().handle()
        return response


class EmailStage(stages.EmailVerificationStage):  # type: ignore[misc]
    """The code by e-mail, for who registers and chose it."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if (user is not None and user.is_confirmed) or chosen_way(self) != EMAIL:
            return None, True
        response: tuple[HttpResponse | None, bool] = super().handle()
        return response
