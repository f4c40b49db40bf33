"""The pages of second factors: what there is, adding, naming, removing."""

import json
from typing import Any
from urllib.parse import quote

from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from lumbung.accounts.factors import actions, queries
from lumbung.accounts.factors.forms import RemoveForm


def as_json(data: Any) -> str:
    """What a script reads out of an attribute of its form."""
    return json.dumps(data, cls=DjangoJSONEncoder)


class OverviewView(IndexView):  # type: ignore[misc]
    """How this user gets in, and what can be added."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = context["authenticators"]
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        context.update(
            passkeys=found.get(Authenticator.Type.WEBAUTHN, []),
            has_app=Authenticator.Type.TOTP in found,
            has_codes=codes is not None,
            codes_left=0 if codes is None else len(codes.get_unused_codes()),
        )
        return context


class AddAppView(ActivateTOTPView):  # type: ignore[misc]
    """The secret as a picture, as a link for the phone that shows it, and as text; then the first code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["picture"] = mark_safe(context["totp_svg"])  # noqa: S308  (drawn by second_factors.py)
        context["groups"] = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        actions.use_code(queries.app(form.user.pk), form.cleaned_data["code"])
        return response


class RemoveAppView(DeactivateTOTPView):  # type: ignore[misc]
    """allauth's checks this form before anything is sent; ours may hold a question, so it waits for the answer."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if self.request.method != "POST":
            kwargs.pop("data", None)
        return kwargs


class AddPasskeyView(AddWebAuthnView):  # type: ignore[misc]
    """A new passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {**kwargs, **super().get_context_data(**kwargs)}
        context.setdefault("form", self.get_form())
        context["options"] = as_json(context["js_data"])
        return context


class RemovePasskeyView(RemoveWebAuthnView):  # type: ignore[misc]
    """One passkey less."""

    form_class = RemoveForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "authenticator": self.object}


class RecoveryCodesView(ViewRecoveryCodesView):  # type: ignore[misc]
    """The codes, this once; the file to keep is in the page itself, since they are not shown again."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if context["can_view_codes"]:
            user = authenticated_user(self.request)
            title = gettext("Recovery codes of Lumbung for %(username)s. Each works once.")
            lines = [title % {"username": user.username}, *context["unused_codes"]]
            context["groups"] = [f"{code[:4]} {code[4:]}" for code in context["unused_codes"]]
            context["file"] = "data:text/plain;charset=utf-8," + quote("\r\n".join(lines) + "\r\n")
        return context

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **more)
        response.headers["Cache-Control"] = "no-store"
        return response
