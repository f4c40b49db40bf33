"""The changes that decide who gets in, as words of the access log and as sentences."""

from dataclasses import dataclass

from lumbung.errors import marked


@dataclass(frozen=True, slots=True)
class Change:
    """`what` stands in the access log, the sentence in mails and texts."""

    what: str
    sentence: str


PASSWORD = Change("password_changed", marked("The password of your account was changed."))
USERNAME = Change("username_changed", marked("The user name of your account was changed."))
# What allauth calls the mails that it would send → what we note and tell.
CHANGES = {
    "account/email/password_changed": PASSWORD,
    "account/email/password_set": PASSWORD,
    "mfa/email/totp_activated": Change("factor_added", marked("An app for codes was added to your account.")),
    "mfa/email/totp_deactivated": Change(
        "factor_removed", marked("The app for codes was removed from your account.")
    ),
    "mfa/email/webauthn_added": Change("factor_added", marked("A passkey was added to your account.")),
    "mfa/email/webauthn_removed": Change("factor_removed", marked("A passkey was removed from your account.")),
    "mfa/email/recovery_codes_generated": Change(
        "factor_added", marked("New recovery codes were made for your account.")
    ),
}
