"""The app's manifest, icons, service worker and page without a line: everybody's, in both languages."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.http import HttpResponseBase
from django.test import Client, override_settings
from door_users import Users
from PIL import Image, ImageChops
from published import publish_samples

from lumbung.cli import main
from lumbung.cli.icons import ICONS, drawn
from lumbung.colours import OWN_BRAND, OWN_PAPER
from lumbung.config import settings as configured
from lumbung.config.doors import DOORS, MEMBER
from lumbung.portal import app as portal_app
from lumbung.portal.brand import ICONS as SHOWN

pytestmark = pytest.mark.django_db
OWN = Path(configured.PACKAGE) / "portal"
STATIC = OWN / "static/portal"
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="#ffc857"/></svg>'
)


def manifest(language: str = "id") -> dict[str, Any]:
    answer = Client().get(f"/app/{language}/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    facts: dict[str, Any] = json.loads(answer.content)
    return facts


def facts() -> dict[str, Any]:
    """What the service worker is told."""
    script = Client().get("/sw.js").content.decode()
    found = re.search(r"^const FACTS = (.*);$", script, re.M)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def body(answer: HttpResponseBase) -> bytes:
    assert answer.status_code == 200
    sent: bytes = answer.getvalue()  # which closes the file behind it too
    return sent


def picture(address: str) -> Image.Image:
    return Image.open(BytesIO(body(Client().get(address))))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_manifest_says_all_that_a_browser_asks_for(language: str):
    said = manifest(language)
    assert (said["id"], said["scope"], said["start_url"]) == ("/", "/", "/dashboard/")
    assert (said["display"], said["lang"], said["dir"]) == ("standalone", language, "ltr")
    assert (said["theme_color"], said["background_color"]) == (OWN_BRAND, OWN_PAPER)
    assert len(said["short_name"]) <= 12
    assert said["shortcuts"][0] == {"name": {"id": "Saldo", "en": "Balance"}[language], "url": "/dashboard/"}
    sizes = {(icon["sizes"], icon["purpose"]) for icon in said["icons"]}
    assert sizes >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"), ("any", "any")}


def test_a_language_that_there_is_not_has_no_manifest_and_no_page():
    assert Client().get("/app/xx/manifest.webmanifest").status_code == 404
    assert Client().get("/offline/xx/").status_code == 404


def test_pictures_are_what_the_manifest_says_they_are():
    for language in ("id", "en"):
        said = manifest(language)
        for one in (*said["icons"], *said["screenshots"]):
            if one["type"] == "image/png":
                width, height = picture(one["src"]).size
                assert one["sizes"] == f"{width}x{height}", one
        assert {one["form_factor"] for one in said["screenshots"]} == {"narrow", "wide"}
    assert len(picture("/static/portal/app/maskable-512.png").getcolors(4096) or []) > 0
    corner = picture("/static/portal/app/maskable-512.png").convert("RGBA").getpixel((0, 0))
    assert corner == (0x5A, 0x2A, 0x1C, 255), "a phone may cut any shape out of it"


@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.name)
def test_our_icons_are_made_of_our_mark(icon):
    mark = {"icon.svg": STATIC / "icon.svg", "logo.svg": OWN / "templates/portal/barn.svg"}[icon.mark]
    made = Image.open(BytesIO(drawn(icon, mark.read_text(), OWN_BRAND))).convert("RGBA")
    kept = Image.open(STATIC / "app" / icon.name).convert("RGBA")
    assert made.size == kept.size == (icon.pixels, icon.pixels)
    assert max(high for _, high in ImageChops.difference(made, kept).getextrema()) < 32, "make them anew"


def test_an_operators_icons_are_made_of_his_mark_and_take_the_place_of_ours(tmp_path: Path):
    assert {icon.name for icon in ICONS} == set(SHOWN)
    for name in ("icon.svg", "logo.svg"):
        (tmp_path / name).write_text(MARK)
    (tmp_path / "brand.css").write_text(":root { --brand: #0b4f4a; --paper: #f6faf9; }")
    with override_settings(LUMBUNG_NAME="Dana Contoh Sejahtera", LUMBUNG_BRAND=str(tmp_path)):
        before = manifest()
        assert [icon["src"] for icon in before["icons"]] == ["/static/brand/icon.svg"], "none of ours"
        assert before["screenshots"] == []
    done = CliRunner().invoke(main, ["icons", str(tmp_path)])
    assert done.exit_code == 0, done.output
    with override_settings(LUMBUNG_NAME="Dana Contoh", LUMBUNG_BRAND=str(tmp_path)):
        said = manifest()
    assert (said["name"], said["theme_color"], said["background_color"]) == ("Dana Contoh", "#0b4f4a", "#f6faf9")
    assert len(said["icons"]) == 4
    maskable = Image.open(tmp_path / "maskable-512.png").convert("RGBA")
    assert maskable.getpixel((0, 0)) == (0x0B, 0x4F, 0x4A, 255)
    assert maskable.getpixel((256, 256)) == (0xFF, 0xC8, 0x57, 255)


def test_icons_want_a_mark(tmp_path: Path):
    done = CliRunner().invoke(main, ["icons", str(tmp_path)])
    assert done.exit_code == 1
    assert "icon.svg and no logo.svg" in done.output


def test_the_worker_is_told_what_everybody_gets_and_nothing_else(users: Users, enter):
    publish_samples()
    told = facts()
    client = Client()
    for address in (*told["files"], *told["offline"].values(), *told["forms"]):
        assert len(body(client.get(address))) > 0, address
    assert told["forms"] == ["/forms/perubahan-data/" + told["forms"][0].split("/")[3] + "/"]
    assert not client.cookies
    script = enter(users.member).get("/sw.js")
    assert script.content == Client().get("/sw.js").content, "the same whoever asks"
    assert script["Content-Type"].startswith("text/javascript")
    assert "no-cache" in Client().get("/sw.js")["Cache-Control"]


def test_the_worker_keeps_out_of_the_other_doors():
    assert set(facts()["elsewhere"]) == {
        door.prefix for door in DOORS if door != MEMBER and door.name != "app"
    } | {"/simulator/"}


def test_the_version_changes_with_what_is_kept_and_not_else(tmp_path: Path):
    first = facts()["version"]
    assert facts()["version"] == first
    publish_samples()
    with_form = facts()["version"]
    assert with_form != first
    (tmp_path / "brand.css").write_text(":root { --brand: #0b4f4a; }")
    with override_settings(LUMBUNG_BRAND=str(tmp_path)):
        assert facts()["version"] not in {first, with_form}


def test_a_worker_that_is_known_is_not_sent_again():
    first = Client().get("/sw.js")
    assert Client().get("/sw.js", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_switched_off_it_takes_itself_away(users: Users, enter):
    client = enter(users.member)
    assert 'data-worker="/sw.js"' in client.get("/account/").content.decode()
    with override_settings(LUMBUNG_APP=False):
        assert facts() == {"off": True}
        page = client.get("/account/").content.decode()
        assert "sw.js" not in page
        assert "manifest" not in page
        assert Client().get("/app/id/manifest.webmanifest").status_code == 404


def test_only_one_who_is_logged_in_on_a_device_of_his_own_is_given_the_worker(users: Users, enter):
    assert "sw.js" not in Client().get("/").content.decode()
    assert "manifest" in Client().get("/").content.decode(), "to be installed before"
    client = enter(users.member)
    session = client.session.__class__(client.cookies["lumbung_member"].value)
    session["public"] = True
    session.save()
    assert "sw.js" not in client.get("/account/").content.decode()
    for door, user in (("/employer/", users.employer), ("/office/", users.officer)):
        page = enter(user).get(door).content.decode()
        assert "sw.js" not in page
        assert "manifest" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", ("SALDO", "2757", "Perubahan data")), ("en", ("SALDO", "2757", "Change of data"))],
)
def test_the_page_without_a_line_helps_on_and_holds_nobody(
    users: Users, enter, language: str, words: tuple[str, ...]
):
    publish_samples()
    page = Client().get(f"/offline/{language}/").content.decode()
    assert f'<html lang="{language}">' in page
    for word in (*words, 'href="sms:2757?body=SALDO%20"'):
        assert word in page
    assert page.count("<details") >= 10, "the help, all of it"
    mine = enter(users.member).get(f"/offline/{language}/").content.decode()
    assert mine == page, "the same for one who is logged in"
    assert "csrfmiddlewaretoken" not in page


def test_labels_below_an_icon_are_short():
    with override_settings(LUMBUNG_NAME="Dana Jaminan Sosial Contoh"):
        assert manifest()["short_name"] == "Dana"
    assert portal_app.SHORTEST_LABEL == 12
