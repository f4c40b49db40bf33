"""Keys that are none are refused, and never taken for a short one: an index under an empty key hides nothing."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from lumbung import encryption
from lumbung.config import settings as given

WHOLE = "A" * 43 + "="


@pytest.mark.parametrize("key", ["", "%%%", "AAAA", WHOLE[:-1], WHOLE[:4] + "%" + WHOLE[4:], "A" * 44])
def test_an_index_key_is_32_bytes_or_refused(settings: object, key: str) -> None:
    settings.LUMBUNG_INDEX_KEY = key  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="LUMBUNG_INDEX_KEY must be base64 of 32 bytes"):
        encryption.blind_index("3171010101010001", context="nik")


@pytest.mark.parametrize("keys", ["", "k1", "k1:", "k1:%%%", "k1:AAA", "k1:AAAA", f":{WHOLE}", f"k1:{WHOLE},k2:x"])
def test_field_keys_are_named_and_of_32_bytes_or_refused(settings: object, keys: str) -> None:
    settings.LUMBUNG_FIELD_KEYS = keys  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="LUMBUNG_FIELD_KEYS") as refused:
        encryption.encrypt(b"3171010101010001", context="x")
    assert "3171010101010001" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["foo", "mysql://a:secret@localhost/x", "postgresql://a:secret@[::1", "postgresql://a:secret@h:99999/x",
     "postgresql://a:secret@h/x?prepare_threshold=secret"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is no address like postgresql://") as refused:
        given._database(url)
    assert "secret" not in str(refused.value)


def test_an_address_is_read() -> None:
    found = given._database("postgresql://a:b%40@h:5433/lumbung?prepare_threshold=0&sslmode=require")
    assert [found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "lumbung", "a", "b@", "h", "5433",
    ]  # fmt: skip
    assert found["OPTIONS"] == {"connect_timeout": "5", "prepare_threshold": None, "sslmode": "require"}
    assert given._database("postgresql:///lumbung?host=/run/x")["HOST"] == "/run/x"
