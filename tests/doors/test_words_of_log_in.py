"""No page, mail or message of allauth shows in its own words and frame."""

from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template

OURS = Path(__file__).parents[2] / "src" / "lumbung"
THEIRS = Path(allauth.__file__).parent / "templates"
# Frames and pieces that only allauth's own pages use.
PIECES = ("base_", "snippets/", "base.html")
# What no address leads to, and mails that we send in our own way (accounts.notices, registration, recovery).
NEVER_SHOWN = {
    "account/confirm_email_verification_code.html",
    "account/confirm_password_reset_code.html",
    "account/confirm_phone_verification_code.html",
    "account/email.html",
    "account/email_change.html",
    "account/email_confirm.html",
    "account/password_reset.html",
    "account/password_reset_done.html",
    "account/password_reset_from_key.html",
    "account/password_reset_from_key_done.html",
    "account/password_set.html",
    "account/phone_change.html",
    "account/signup.html",
    "account/signup_by_passkey.html",
    "account/verification_sent.html",
    "account/verified_email_required.html",
    "mfa/reauthenticate.html",
    "mfa/recovery_codes/download.txt",
    "mfa/trust.html",
    "mfa/webauthn/signup_form.html",
}


def names() -> list[str]:
    found = [
        path.relative_to(THEIRS).as_posix() for kind in ("account", "mfa") for path in (THEIRS / kind).rglob("*.*")
    ]
    return sorted(name for name in found if not any(piece in name for piece in PIECES))


@pytest.mark.parametrize("name", names())
def test_whatever_can_show_is_ours(name: str):
    is_mail = "/email/" in name
    if name in NEVER_SHOWN or is_mail:
        return
    origin = Path(get_template(name).template.origin.name)
    assert origin.is_relative_to(OURS), name


def test_what_is_never_shown_has_no_address():
    """Whoever gives one of these pages an address takes it off the list and writes the page."""
    from django.urls import get_resolver

    from lumbung.config.doors import DOORS

    shown = set()
    for door in DOORS:
        for view in views(get_resolver(door.urlconf).url_patterns):
            shown.add(getattr(getattr(view, "view_class", None), "template_name", ""))
    assert not shown & (NEVER_SHOWN - {"account/signup.html"}), "closed until members register"


def views(patterns: list) -> list:
    found = []
    for pattern in patterns:
        found += views(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern.callback]
    return found


MAILS = [name for name in names() if name.endswith("_message.txt")]


@pytest.mark.parametrize("name", MAILS)
def test_no_mail_of_allauth_goes_out_in_its_own_words(name: str):
    """A mail has our template, or is told as a change of our own."""
    from lumbung.accounts.notices.changes import CHANGES

    prefix = name.removesuffix("_message.txt")
    if prefix in CHANGES:
        return
    origin = Path(get_template(name).template.origin.name)
    assert origin.is_relative_to(OURS), name
