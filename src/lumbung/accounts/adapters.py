"""What allauth asks us: where to go after log-in, what a phone is, how mail and codes go out."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy

from lumbung.accounts import actions, limits, queries
from lumbung.accounts.backends import user_named
from lumbung.accounts.factors.queries import has_passkey, tries_key
from lumbung.accounts.models import User
from lumbung.accounts.notices import actions as notices
from lumbung.accounts.notices.changes import CHANGES
from lumbung.accounts.notices.circumstances import Circumstances
from lumbung.accounts.phones import LocalPhoneField
from lumbung.accounts.push import actions as push
from lumbung.accounts.push.devices import device_of
from lumbung.accounts.sessions import actions as sessions
from lumbung.accounts.texts import code_text
from lumbung.errors import marked
from lumbung.messaging import actions as messaging
from lumbung.messaging.lanes import WORTH, WORTH_OF_WARNING, Lane

# Which rate limit counts wrong passwords; its part for the name alone says whether the name is closed.
WRONG_PASSWORDS = {"app": "allauth.account", "action": "login_failed"}
TOO_OFTEN = {
    "too_many_login_attempts": marked("Too many wrong tries. Wait %(wait)s, then try again."),
    "rate_limited": marked("Too many tries in a short time. Wait %(wait)s, then try again."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own answers, but for these."""

    # In our own words, and the same whether or not there is such a user.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        **dict.fromkeys(
            ("username_password_mismatch", "email_password_mismatch", "phone_password_mismatch"),
            gettext_lazy("This log-in name or the password is wrong. Check both and try again."),
        ),
        # Said where a code was typed wrong too often; where there is something to wait for: validation_error.
        "too_many_login_attempts": gettext_lazy(
            "Three codes were wrong, so the code counts no more. Ask for a new one."
        ),
        "incorrect_password": gettext_lazy("The password is wrong. Check it and try again."),
        "enter_current_password": gettext_lazy("The password is wrong. Check it and try again."),
        "account_inactive": gettext_lazy("This account is closed."),
        "incorrect_code": gettext_lazy("The code is wrong. Look at the newest message and type its code again."),
        "username_taken": gettext_lazy("This user name is taken. Choose another one."),
        "email_taken": gettext_lazy("This e-mail address can't be used. Choose another one."),
        "phone_taken": gettext_lazy("This phone number can't be used. Choose another one."),
        "same_as_current": gettext_lazy("This is the same as before. Enter a new one."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """allauth's, but who tried too often is told how long to wait."""
        if code in TOO_OFTEN:
            return ValidationError(limits.sentence(context.request, TOO_OFTEN[code]), code=code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        home: str | None = request.door.home  # type: ignore[attr-defined]
        return reverse(home) if home else request.door.prefix  # type: ignore[attr-defined]  # an app's door

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this site: allauth would take every name in ALLOWED_HOSTS, localhost too."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

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
        if user.kind == User.Kind.OFFICER and _used_codes_alone(request, user):
            raise PermissionDenied  # the office offers no codes; this holds whatever leads here
        super().login(request, user)
        sessions.note_log_in(
            user,
            user_agent=request.headers.get("User-Agent", ""),
            address=self.get_client_ip(request),
            place=request.door.name,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """What the device got of an earlier log-in goes on with this one, whose line in the list is there now."""
        response: HttpResponse = super().post_login(request, user, **facts)
        push.follow_log_in(user, device=device_of(request), session_key=request.session.session_key)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """As if there were no such user."""
        return HttpResponseRedirect(reverse("account_login"))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted for each kind of user and name, which has one spelling (one_spelling)."""
        name = credentials.get("email") or credentials.get("phone") or credentials.get("username") or ""
        return f"{request.door.kind}:{name.lower()}"  # type: ignore[attr-defined]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Whether one more password is compared: the name and the network it comes from must have tries left."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        if limits.is_met(request, "login_network"):
            limits.note(request, "login_network")
            raise self.validation_error("too_many_login_attempts")
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            limits.note(request, "login_failed", key=key)
            raise self.validation_error("too_many_login_attempts") from None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Have the owner told when this was one wrong password too many; for an unknown name as much is done."""
        limits.allows(request, "login_network")
        user = user_named(request.door.kind, credentials)  # type: ignore[attr-defined]
        key = self._get_login_attempts_cache_key(request, **credentials)
        if not ratelimit.consume(request, **WRONG_PASSWORDS, config=_by_name_alone(), key=key, dry_run=True):
            place = request.door.name  # type: ignore[attr-defined]
            notices.tell_closed.defer(user_id=None if user is None else user.pk, place=place)

    def forgive(self, request: HttpRequest, user: User) -> None:
        """Forget the wrong passwords and codes of who set a new password: only what is counted for the account."""
        phone = queries.phone(user)
        names = [{"username": user.username}, {"email": user.email}, {"phone": phone[0] if phone else ""}]
        keys = [self._get_login_attempts_cache_key(request, **name) for name in names if any(name.values())]
        for key in (*keys, f"reauthenticate:{user.pk}", tries_key(user)):
            ratelimit.clear(request, **WRONG_PASSWORDS, config=_by_name_alone(), key=key)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the password of who is logged in. Counted by itself: strangers' tries don't close it."""
        used = ratelimit.consume(context.request, **WRONG_PASSWORDS, key=f"reauthenticate:{user.pk}")
        if not used:
            limits.note(context.request, "login_failed", key=f"reauthenticate:{user.pk}")
            raise self.validation_error("too_many_login_attempts")
        if not user.check_password(password):
            return False
        used.rollback()
        return True

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The password, with a code for who has a second factor; or a passkey, which is both."""
        methods = []
        if user.is_authenticated and has_passkey(user.pk):
            methods.append(("mfa_reauthenticate_webauthn", gettext_lazy("Use a passkey")))
        if user.is_authenticated and user.has_usable_password():
            methods.append(("account_reauthenticate", gettext_lazy("Use your password")))
        return [{"id": name, "description": text, "url": reverse(name)} for name, text in methods]

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """allauth calls this after each change that decides who gets in: we note it and tell every contact."""
        change = CHANGES.get(template_prefix)
        if change is None:
            super().send_notification_mail(template_prefix, user, context, email)
        else:
            notices.tell_change(user, change, Circumstances.of(self.request))

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
        text = code_text(code, language=user.language)
        messaging.send(to=phone, body=text, now=_now(), lane=Lane.CODE)

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Silent: whoever registers tells the phone's owner, once a day at most (accounts.registration)."""

    def send_mail(self, template_prefix: str, email: str, facts: dict[str, Any]) -> None:
        """Every mail of allauth goes into the outbox, so that nobody waits for a mail server (nor times it)."""
        message = self.render_mail(template_prefix, email, {"request": context.request, "email": email, **facts})
        now = _now()
        worth = WORTH[Lane.CODE] if "code" in facts else WORTH_OF_WARNING
        messaging.send_mail(
            to=email,
            subject=message.subject,
            body=str(message.body),
            now=now,
            lane=Lane.CODE,
            expires_at=now + worth,
            language=get_language() or settings.LANGUAGE_CODE,  # in which it was rendered
        )


def _used_codes_alone(request: HttpRequest, user: User) -> bool:
    """Whether neither a password nor a passkey was among what the user showed in this session."""
    records = get_authentication_records(request, user)
    return bool(records) and not any(
        record.get("method") == "password" or record.get("passwordless") for record in records
    )


def _by_name_alone() -> dict[str, str]:
    """The limit of wrong passwords without its part for the address that asks."""
    rates = settings.ACCOUNT_RATE_LIMITS["login_failed"].split(",")
    return {"login_failed": ",".join(rate for rate in rates if rate.endswith("/key"))}


def _now() -> datetime:
    """When the present request came; allauth hands no instant on."""
    now: datetime = context.request.now
    return now
