"""Signed texts: a JWS in compact form (RFC 7515) with Ed25519 (RFC 8037), and the keys as JWK (RFC 7517); pure."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 8  # of the key's thumbprint: enough to tell the keys of all funds of the world apart
LONGEST_TEXT = 4000  # characters, several times the longest that is made
_LONGEST_HEADER = 200


class NotSigned(Exception):
    """The text is none that a key of ours could have signed: another form, or cut off."""


class KeyUnknown(Exception):
    """The text names a key that is not among those given."""


class SignatureWrong(Exception):
    """The text names a key that is known, and its signature is not that key's for these words."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key, named by a digest of itself: two funds never use one name for two keys."""

    raw: bytes

    def __post_init__(self) -> None:
        assert len(self.raw) == KEY_BYTES, "a public key has 32 bytes"

    @property
    def key_id(self) -> str:
        """The first bytes of the thumbprint of RFC 7638, in base64url."""
        members = {"crv": "Ed25519", "kty": "OKP", "x": encoded(self.raw)}
        return encoded(sha256(_json(members)).digest()[:KEY_ID_BYTES])

    @property
    def jwk(self) -> dict[str, str]:
        """The key as other programs take it."""
        what = {"kty": "OKP", "crv": "Ed25519", "x": encoded(self.raw)}
        return {**what, "kid": self.key_id, "use": "sig", "alg": "EdDSA"}


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key that signs, and all public keys that signed before it, the present one first."""

    seed: bytes = field(repr=False)
    public: tuple[PublicKey, ...]

    @classmethod
    def of(cls, seed: bytes, older: Iterable[bytes] = ()) -> "Keyring":
        """From a private key of 32 bytes and older public ones."""
        present = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        return cls(seed, tuple(PublicKey(raw) for raw in dict.fromkeys([present, *older])))

    @property
    def present(self) -> PublicKey:
        return self.public[0]

    def sign(self, payload: Mapping[str, Any]) -> str:
        """The text that carries the payload, signed with the present key."""
        header = {"alg": "EdDSA", "kid": self.present.key_id}
        said = f"{encoded(_json(header))}.{encoded(_json(payload))}"
        return f"{said}.{encoded(Ed25519PrivateKey.from_private_bytes(self.seed).sign(said.encode()))}"


def opened(text: str, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """What a signed text says, once the signature is known to be right.

    Blanks are passed over: a text that was copied from paper is broken into lines. Only the one spelling of base64
    that we write counts, so no two texts are the same paper. Raises NotSigned, KeyUnknown and SignatureWrong.
    """
    text = unbroken(text)
    parts = text.split(".")
    if len(parts) != 3 or len(text) > LONGEST_TEXT or len(parts[0]) > _LONGEST_HEADER:
        raise NotSigned
    header = _object(_decoded(parts[0]))
    if header.get("alg") != "EdDSA" or not isinstance(header.get("kid"), str):
        raise NotSigned
    key = next((key for key in keys if key.key_id == header["kid"]), None)
    if key is None:
        raise KeyUnknown
    try:
        signature = _decoded(parts[2])
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except (InvalidSignature, NotSigned):
        raise SignatureWrong from None
    return _object(_decoded(parts[1]))


def claimed(text: str) -> dict[str, Any]:
    """What a text says, whoever signed it: for texts of our own records. Raises NotSigned."""
    return _object(_decoded(unbroken(text).split(".")[1]))


def unbroken(text: str) -> str:
    """The text without blanks and line ends, and no more of it than could be one."""
    return "".join(text[: 2 * LONGEST_TEXT].split())


def digest(text: str) -> bytes:
    """What stands for a signed text in the records."""
    return sha256(unbroken(text).encode()).digest()


def key_set(keys: Iterable[PublicKey]) -> dict[str, Any]:
    """The keys as a JWK set."""
    return {"keys": [key.jwk for key in keys]}


def from_key_set(content: bytes) -> list[PublicKey]:
    """The Ed25519 keys of a JWK set, or of one JWK. Raises NotSigned when it holds none."""
    found = _object(content)
    listed = found.get("keys", [found])
    keys = []
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and (each.get("kty"), each.get("crv")) == ("OKP", "Ed25519"):
            raw = _decoded(each["x"]) if isinstance(each.get("x"), str) else b""
            if len(raw) == KEY_BYTES:
                keys.append(PublicKey(raw))
    if not keys:
        raise NotSigned
    return keys


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise NotSigned from None
    if encoded(raw) != text:
        raise NotSigned
    return raw


def _json(members: Mapping[str, Any]) -> bytes:
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise NotSigned from None
    if not isinstance(found, dict):
        raise NotSigned
    return found
