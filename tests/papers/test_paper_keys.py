"""Keys and certificates that are none are refused at the start; a demo of an older version gets some."""

from base64 import b64encode
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lumbung.cli import home
from lumbung.cli.demo import Demo
from lumbung.papers import keys

WHOLE = "A" * 43 + "="


@pytest.mark.parametrize("key", ["", "%%%", "AAAA", WHOLE[:-1], "none"])
def test_a_key_is_32_bytes_or_nothing_is_served(settings: object, key: str):
    settings.LUMBUNG_PAPER_KEY = key  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="LUMBUNG_PAPER_KEY must be base64 of 32 bytes"):
        keys.refuse_wrong_keys()


def test_an_older_key_is_32_bytes_or_nothing_is_served(settings: object):
    settings.LUMBUNG_PAPER_OLD_KEYS = f"{WHOLE},short"  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="LUMBUNG_PAPER_OLD_KEYS"):
        keys.refuse_wrong_keys()


@pytest.mark.parametrize("content", [b"", b"no certificate"])
def test_a_certificate_is_one_or_nothing_is_served(settings: object, content: bytes):
    settings.LUMBUNG_SIGNER = b64encode(content).decode()  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="LUMBUNG_SIGNER must be base64 of a PKCS#12 file"):
        keys.refuse_wrong_keys()


def test_a_wrong_password_is_refused_and_not_repeated(settings: object):
    settings.LUMBUNG_SIGNER_PASSWORD = "rahasia-salah"  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured) as refused:
        keys.refuse_wrong_keys()
    assert "rahasia" not in str(refused.value)


def test_the_server_looks_before_it_serves():
    source = (Path(keys.__file__).parents[1] / "config" / "wsgi.py").read_text(encoding="utf-8")
    assert "\nrefuse_wrong_keys()\n" in source


def test_a_demo_of_an_older_version_gets_keys_for_papers_and_keeps_all_its_own(tmp_path: Path):
    old = {name: value for name, value in home.new_secrets().items() if name not in home.paper_secrets()}
    demo = Demo(tmp_path, 8000, 20, 1)
    old |= {name: demo.postgres.url("lumbung", "x", "lumbung") for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    home.write_environment(tmp_path, old)
    made = demo._make_environment()
    assert set(made) >= set(old) | set(home.paper_secrets())
    for name in ("LUMBUNG_FIELD_KEYS", "LUMBUNG_INDEX_KEY", "LUMBUNG_SECRET_KEY"):
        assert made[name] == old[name]
    assert demo._make_environment() == made, "once"
