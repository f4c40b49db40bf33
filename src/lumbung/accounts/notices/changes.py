"""The changes that decide who gets in, as words of the access log and as sentences."""

from dataclasses import dataclass

from lumbung.errors import marked


@dataclass(frozen=True, slots=True)
class Change:
    """`what` stands in the access log, the sentence in mails and texts; `word` names the message in the inbox."""

    what: str
    sentence: str
    word: str


PASSWORD = Change("password_changed", marked("The password of your account was changed."), "password_changed")
USERNAME = Change("username_changed", marked("The user name of your account was changed."), "username_changed")
# What allauth calls the mails that it would send → what we note and tell.
CHANGES = {
    "account/email/password_changed": PASSWORD,
    "account/email/password_set": PASSWORD,
    "mfa/email/totp_activated": Change(
        "factor_added", marked("An app for codes was added to your account."), "app_added"
    ),
    "mfa/email/totp_deactivated": Change(
        "factor_removed", marked("The app for codes was removed from your account."), "app_removed"
    ),
    "mfa/email/webauthn_added": Change(
        "factor_added", marked("A passkey was added to your account."), "passkey_added"
    ),
    "mfa/email/webauthn_removed": Change(
        "factor_removed", marked("A passkey was removed from your account."), "passkey_removed"
    ),
    "mfa/email/recovery_codes_generated": Change(
        "factor_added", marked("New recovery codes were made for your account."), "codes_made"
    ),
}
