"""The step between a right password and a session: who registered and is not confirmed yet goes on confirming.

allauth would ask everybody to confirm every contact. Who registers here confirms one contact, the one he
chooses, on the pages of the registration; all other users are confirmed.
"""

from allauth.account.stages import LoginStage
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

# Where a session keeps how far a registration got (portal.registration.progress).
SESSION_KEY = "registration"


class ConfirmStage(LoginStage):  # type: ignore[misc]
    """Sends who is not confirmed to the pages where he becomes it; nobody comes past here otherwise."""

    key = "confirm"
    urlname = "portal:register_go_on"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        user = self.login.user
        if user is None or user.is_confirmed:
            return None, True
        self.request.session[SESSION_KEY] = {"user": user.pk}
        # Also for an app, whose door has no pages: its log-in says that this step is missing.
        return redirect(reverse(self.urlname, urlconf=settings.ROOT_URLCONF)), False
