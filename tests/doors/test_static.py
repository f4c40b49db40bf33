"""Static files go out compressed, pages do not; the operator's folder is there when it is named."""

import gzip
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponseBase
from django.template.loader import render_to_string
from django.test import Client, override_settings

from lumbung.colours import OWN_BRAND
from lumbung.config import settings as configured
from lumbung.portal.brand import brand

STATIC = Path(configured.PACKAGE) / "portal/static/portal"
GZIP = {"accept-encoding": "gzip, br"}


def fetched(path: str, **headers: str) -> tuple[HttpResponseBase, bytes]:
    """The answer, and its body as it went over the wire."""
    answer = Client().get(path, headers=headers)
    sent = answer.getvalue()
    return answer, sent


@pytest.mark.parametrize("name", ["lumbung.css", "password.js", "icon.svg"])
def test_what_is_text_goes_out_compressed(name: str):
    answer, sent = fetched(f"/static/portal/{name}", **GZIP)
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert gzip.decompress(sent) == (STATIC / name).read_bytes()
    assert len(sent) < (STATIC / name).stat().st_size


def test_a_browser_that_knows_the_file_is_not_sent_it_again():
    known, _ = fetched("/static/portal/lumbung.css", **GZIP)
    again, _ = fetched("/static/portal/lumbung.css", **GZIP, **{"if-none-match": known["ETag"]})
    assert again.status_code == 304
    assert "Content-Encoding" not in again


def test_a_browser_that_wants_it_plain_gets_it_plain():
    answer, sent = fetched("/static/portal/lumbung.css")
    assert "Content-Encoding" not in answer
    assert sent == (STATIC / "lumbung.css").read_bytes()


@pytest.mark.django_db
def test_a_page_is_never_compressed():
    assert "Content-Encoding" not in Client().get("/", headers=GZIP)


def test_a_brand_is_what_stands_in_the_folder(tmp_path: Path):
    (tmp_path / "brand.css").write_text(":root { --brand: #0b4f4a; }")
    with override_settings(LUMBUNG_NAME="Dana <Contoh>", LUMBUNG_BRAND=str(tmp_path)):
        own, page = brand(), render_to_string("404.html")
    assert (own.stylesheet, own.logo, own.icon) == ("/static/brand/brand.css", "", "/static/portal/icon.svg")
    assert own.colour == "#0b4f4a"
    assert "– Dana &lt;Contoh&gt;</title>" in page
    assert page.index("portal/lumbung.css") < page.index("brand/brand.css"), "theirs comes after ours"


def test_without_a_folder_all_is_ours(tmp_path: Path):
    with override_settings(LUMBUNG_NAME="Lumbung", LUMBUNG_BRAND=""):
        assert brand().colour == OWN_BRAND
        assert "brand/" not in render_to_string("404.html")
    with override_settings(LUMBUNG_NAME="Lumbung", LUMBUNG_BRAND=str(tmp_path)):
        assert brand().colour == OWN_BRAND
    assert OWN_BRAND in (STATIC / "lumbung.css").read_text()


def test_a_folder_that_is_not_there_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LUMBUNG_BRAND", str(tmp_path / "gone"))
    with pytest.raises(ImproperlyConfigured, match="LUMBUNG_BRAND"):
        configured._folder("LUMBUNG_BRAND")
