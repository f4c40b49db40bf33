"""Second factors: their seeds are sealed at rest, and they carry the fund's name."""

from base64 import b64decode, b64encode

from allauth.mfa.adapter import DefaultMFAAdapter

from lumbung.encryption import decrypt, encrypt

CONTEXT = "mfa_authenticator.data"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's own answers, but for these. TOTP secrets and the seed of recovery codes are text in its JSON."""

    def encrypt(self, text: str) -> str:
        return b64encode(encrypt(text.encode(), context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(b64decode(encrypted_text), context=CONTEXT).decode()

    def _get_site_name(self) -> str:
        return "Lumbung"
