"""The fund's keys for papers, from the settings."""

import binascii
from base64 import b64decode
from functools import lru_cache

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import Certificate
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from lumbung.papers.signing import KEY_BYTES, Keyring


def keyring() -> Keyring:
    """The key that signs and the older ones. Raises ImproperlyConfigured."""
    return _keyring(settings.LUMBUNG_PAPER_KEY, settings.LUMBUNG_PAPER_OLD_KEYS)


@lru_cache(maxsize=4)
def _keyring(seed: str, older: str) -> Keyring:
    keys = [_decoded(part) for part in (seed, *filter(None, older.split(",")))]
    if any(len(key) != KEY_BYTES for key in keys):
        raise ImproperlyConfigured(
            "LUMBUNG_PAPER_KEY must be base64 of 32 bytes, and LUMBUNG_PAPER_OLD_KEYS base64 of public keys of 32"
            " bytes, parted by commas. `lumbung card new-key` makes one."
        )
    return Keyring.of(keys[0], keys[1:])


def signer() -> bytes:
    """The PKCS#12 file with which statements are signed. Raises ImproperlyConfigured."""
    content = _decoded(settings.LUMBUNG_SIGNER)
    certificate_of(content, settings.LUMBUNG_SIGNER_PASSWORD)
    return content


def certificate() -> Certificate:
    """The certificate in it, which anybody may have. Raises ImproperlyConfigured."""
    return certificate_of(_decoded(settings.LUMBUNG_SIGNER), settings.LUMBUNG_SIGNER_PASSWORD)


@lru_cache(maxsize=4)
def certificate_of(content: bytes, password: str) -> Certificate:
    """The certificate of a PKCS#12 file. Raises ImproperlyConfigured."""
    try:
        key, found, _ = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except ValueError:
        key, found = None, None
    if key is None or found is None:
        raise ImproperlyConfigured(
            "LUMBUNG_SIGNER must be base64 of a PKCS#12 file with a key and its certificate, and"
            " LUMBUNG_SIGNER_PASSWORD its password."
        )
    return found


def refuse_wrong_keys() -> None:
    """Stop the start when papers could not be signed. Raises ImproperlyConfigured."""
    keyring()
    certificate()


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""
