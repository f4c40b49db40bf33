"""A passkey as a device would make it, and an answer that it never gave."""

from base64 import urlsafe_b64encode
from secrets import token_bytes
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from lumbung.accounts.models import User

FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def give_passkey(user: User) -> Authenticator:
    """A passkey of this user, kept as allauth keeps it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    name = token_bytes(32)
    owned = AttestedCredentialData.create(bytes(16), name, key)
    data = AuthenticatorData.create(bytes(32), FLAGS | AuthenticatorData.FLAG.AT, 0, owned)
    response = {
        "clientDataJSON": encoded(CollectedClientData.create("webauthn.create", b"x" * 32, "http://localhost")),
        "attestationObject": encoded(AttestationObject.create("none", data, {})),
    }
    credential = {"id": encoded(name), "rawId": encoded(name), "type": "public-key", "response": response}
    return Authenticator.objects.create(  # type: ignore[no-any-return]
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Telepon", "credential": credential}
    )


def answer_of(passkey: Authenticator, user_pk: int) -> dict[str, Any]:
    """What a browser would send for this key and this user, with a signature that is none."""
    user = User(pk=user_pk)
    name = passkey.data["credential"]["id"]
    response = {
        "clientDataJSON": encoded(CollectedClientData.create("webauthn.get", b"x" * 32, "http://localhost")),
        "authenticatorData": encoded(AuthenticatorData.create(bytes(32), FLAGS, 1)),
        "signature": encoded(b"none"),
        "userHandle": encoded(user_pk_to_url_str(user).encode()),
    }
    return {"id": name, "rawId": name, "type": "public-key", "response": response}


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
