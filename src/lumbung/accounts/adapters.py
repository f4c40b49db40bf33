"""What allauth asks us: where to go after log-in, what a phone is, how mail and codes go out."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, override

from lumbung.accounts import actions, queries
from lumbung.accounts.models import User
from lumbung.accounts.phones import LocalPhoneField
from lumbung.accounts.sessions import actions as sessions
from lumbung.messaging import actions as messaging


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own answers, but for these."""

    # In our own words, and the same whether or not there is such a user.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        **dict.fromkeys(
            ("username_password_mismatch", "email_password_mismatch", "phone_password_mismatch"),
            gettext_lazy("This log-in name or the password is wrong. Check both and try again."),
        ),
        "too_many_login_attempts": gettext_lazy("Too many wrong tries. Wait five minutes, then try again."),
        "rate_limited": gettext_lazy("Too many tries in a short time. Wait a minute, then try again."),
        "incorrect_password": gettext_lazy("The password is wrong. Check it and try again."),
        "enter_current_password": gettext_lazy("The password is wrong. Check it and try again."),
        "account_inactive": gettext_lazy("This account is closed."),
        "incorrect_code": gettext_lazy("The code is wrong. Look at the newest message and type its code again."),
        "username_taken": gettext_lazy("This user name is taken. Choose another one."),
        "email_taken": gettext_lazy("This e-mail address can't be used. Choose another one."),
        "phone_taken": gettext_lazy("This phone number can't be used. Choose another one."),
        "same_as_current": gettext_lazy("This is the same as before. Enter a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse(request.door.home)  # type: ignore[attr-defined]

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_logged_out")

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "lumbung.accounts.stages.ConfirmStage",
            "allauth.mfa.stages.AuthenticateStage",
        ]

    def pre_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse | None:
        """The first step of every way in. Who says that others use this computer too gets a shorter session."""
        if request.method == "POST" and "public_computer" in request.POST:
            request.session["public"] = True
        response: HttpResponse | None = super().pre_login(request, user, **facts)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """The last step of every way in, so the last place where a user of another kind is turned away."""
        if user.kind != request.door.kind or not user.is_confirmed:  # type: ignore[attr-defined]
            raise PermissionDenied
        super().login(request, user)
        sessions.note_log_in(
            user,
            user_agent=request.headers.get("User-Agent", ""),
            address=self.get_client_ip(request),
            place=request.door.name,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )

    def phone_form_field(self, **kwargs: Any) -> LocalPhoneField:
        return LocalPhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        """The user who confirmed this phone, at the door where it is asked."""
        return queries.user_by_phone(phone, kind=context.request.door.kind)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return queries.phone(user)

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        actions.set_phone(user, phone, verified_at=_now() if verified else None)

    def set_phone_verified(self, user: User, phone: str) -> None:
        actions.set_phone(user, phone, verified_at=_now())

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        messaging.send(to=phone, body=code_text(code, language=user.language), now=_now())

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Silent: whoever registers tells the phone's owner, once a day at most (accounts.registration)."""

    def send_mail(self, template_prefix: str, email: str, facts: dict[str, Any]) -> None:
        """Every mail of allauth goes into the outbox, so that nobody waits for a mail server (nor times it)."""
        message = self.render_mail(template_prefix, email, {"request": context.request, "email": email, **facts})
        messaging.send_mail(to=email, subject=message.subject, body=str(message.body), now=_now())


def code_text(code: str, *, language: str) -> str:
    """The text that carries a code: no link, and what never to do with it."""
    with override(language):
        return gettext("Your Lumbung code: %(code)s. Valid for 10 minutes. Never tell it to anyone.") % {
            "code": code
        }


def _now() -> datetime:
    """When the present request came; allauth hands no instant on."""
    now: datetime = context.request.now
    return now
