"""Encrypted columns and blind indexes: personal values at rest are unreadable, yet can be found by equality."""

import hashlib
import hmac
import os
from base64 import b64decode
from datetime import date
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

NONCE_BYTES = 12
KEY_BYTES = 32


@lru_cache(maxsize=4)
def _keys(text: str) -> dict[str, AESGCM]:
    """Key id → cipher, in the order of the setting; the first one writes."""
    keys = {}
    for part in filter(None, text.split(",")):
        key_id, _, encoded = part.partition(":")
        key = _decoded(encoded)
        if not key_id.isascii() or not 1 <= len(key_id) <= 16 or len(key) != KEY_BYTES:
            raise ImproperlyConfigured("LUMBUNG_FIELD_KEYS must look like id:base64 of 32 bytes[,id:base64].")
        keys[key_id] = AESGCM(key)
    if not keys:
        raise ImproperlyConfigured("LUMBUNG_FIELD_KEYS is not set, so personal data can't be stored or read.")
    return keys


def _decoded(encoded: str) -> bytes:
    """The key, nothing when it is no base64: half a key must never be taken for one."""
    try:
        return b64decode(encoded, validate=True)
    except ValueError:
        return b""


@lru_cache(maxsize=4)
def _index_key(text: str) -> bytes:
    key = _decoded(text)
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured("LUMBUNG_INDEX_KEY must be base64 of 32 bytes, so personal data can be found.")
    return key


def encrypt(plain: bytes, *, context: str) -> bytes:
    """Seal bytes with AES-256-GCM under the first key.

    `context` (table and column) is authenticated, so a value can't be moved to another column. The result is
    the length of the key id, the key id, a random nonce and the ciphertext.
    """
    keys = _keys(settings.LUMBUNG_FIELD_KEYS)
    key_id = next(iter(keys))
    nonce = os.urandom(NONCE_BYTES)
    head = bytes([len(key_id)]) + key_id.encode()
    return head + nonce + keys[key_id].encrypt(nonce, plain, context.encode())


def decrypt(stored: bytes, *, context: str) -> bytes:
    """Open what `encrypt` sealed, with whichever key its id names.

    Raises ImproperlyConfigured when that key is not among LUMBUNG_FIELD_KEYS or the value was tampered with.
    """
    size = stored[0]
    key_id, rest = stored[1 : 1 + size].decode(), stored[1 + size :]
    cipher = _keys(settings.LUMBUNG_FIELD_KEYS).get(key_id)
    if cipher is None:
        raise ImproperlyConfigured(f"LUMBUNG_FIELD_KEYS lacks the key {key_id!r} of a stored {context}.")
    try:
        return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], context.encode())
    except InvalidTag:
        raise ImproperlyConfigured(f"A value of {context} does not open with its key {key_id!r}.") from None


def blind_index(value: str, *, context: str) -> bytes:
    """An HMAC-SHA256 of a normalised value, to find an encrypted one by equality and by nothing else."""
    key = _index_key(settings.LUMBUNG_INDEX_KEY)
    return hmac.new(key, f"{context}:{value}".encode(), hashlib.sha256).digest()


class EncryptedField(models.BinaryField):  # type: ignore[type-arg]  # generic in the stubs only
    """A bytea column that holds a sealed value; in Python it is bytes."""

    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def from_bytes(self, plain: bytes) -> Any:
        return plain

    def seal(self, value: Any) -> bytes:
        """The value as it stands in this column."""
        return encrypt(self.to_bytes(value), context=self._context())

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None:
            value = self.seal(value)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self.from_bytes(decrypt(bytes(value), context=self._context()))

    def value_to_string(self, obj: Any) -> str:
        raise TypeError("An encrypted column is never serialised.")


class EncryptedText(EncryptedField):
    """A sealed text."""

    def to_bytes(self, value: str) -> bytes:
        return value.encode()

    def from_bytes(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedDate(EncryptedField):
    """A sealed date."""

    def to_bytes(self, value: date) -> bytes:
        return value.isoformat().encode()

    def from_bytes(self, plain: bytes) -> date:
        return date.fromisoformat(plain.decode())
