"""Second factors: their seeds are sealed at rest, and they carry the fund's name."""

from base64 import b64decode, b64encode
from collections.abc import Iterable

import qrcode
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext, gettext_lazy

from lumbung.accounts.models import User
from lumbung.encryption import decrypt, encrypt

CONTEXT = "mfa_authenticator.data"
READING = frozenset({"GET", "HEAD"})


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's own answers, but for these. TOTP secrets and the seed of recovery codes are text in its JSON."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy(
            "An officer always has a second step. Add another one first, then remove this one."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes stand in for a passkey or an app. Add one of them first."
        ),
        "incorrect_code": gettext_lazy("The code is wrong. Look for the newest one and enter it again."),
        "code_used": gettext_lazy("This code was used already. Wait until your app shows the next one."),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return b64encode(encrypt(text.encode(), context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(b64decode(encrypted_text), context=CONTEXT).decode()

    def is_mfa_enabled(self, user: User, types: Iterable[str] | None = None) -> bool:
        """Asked kind by kind, up to seven times a page: where nothing is changed one question answers all."""
        request = context.request
        if request is None or request.method not in READING or request.user.pk != user.pk:
            return bool(super().is_mfa_enabled(user, types=types))
        kinds = getattr(request, "kinds_of_factors", None)
        if kinds is None:
            kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
            request.kinds_of_factors = kinds
        return bool(kinds if types is None else kinds.intersection(types))

    def _get_site_name(self) -> str:
        return "Lumbung"

    def get_totp_label(self, user: User) -> str:
        return user.username

    def _get_user_identifier(self, user: User) -> str:
        """The user name, by which the owner knows the account; a device and its maker may see it."""
        return user.username

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def build_totp_svg(self, url: str) -> str:
        """A picture without styles of its own, dark on white also when the page is dark."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        dots = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
        )
        size = len(rows)
        return (
            f'<svg viewBox="0 0 {size} {size}" width="220" height="220" role="img" '
            f'aria-labelledby="picture-title">'
            f'<title id="picture-title">{gettext("The code to scan")}</title>'
            f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dots}" fill="#000"/></svg>'
        )
