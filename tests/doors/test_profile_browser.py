"""A member's profile and what belongs to him, in a real browser: changed, proven, looked at, taken away."""

import json
from pathlib import Path
from typing import Any

import pytest
from pairings import pairings
from test_browser import PHONE, SMALLEST, STICKS_OUT, browsing, follow, in_order, opened
from test_casework_browser import picture, rooms
from test_evidence import pdf, photo

__all__ = ["rooms"]
LOOKED_AT = ("/profile/", "/profile/bank-account/", "/account/access/", "/account/consents/", "/account/close/")
PAGES = (
    *LOOKED_AT, "/account/", "/profile/address/", "/profile/heirs/", "/profile/heirs/add/", "/profile/language/",
    "/account/data/", "/account/requests/correction/",
)  # fmt: skip


@pytest.mark.parametrize(("size", "language", "scheme"), pairings("phone-id", "desk-en", colours=True))
def test_a_profile_is_kept_and_everything_is_taken_away(
    rooms: Any, tmp_path: Path, chromium: str, chromium_arguments: list[str], size: tuple[int, int], language: str,
    scheme: str,
):  # fmt: skip
    site, cookies = rooms
    options: dict[str, Any] = {"locale": {"id": "id-ID", "en": "en-US"}[language], "color_scheme": scheme}
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, size, **options)
        page.context.add_cookies([cookies["sari"]])  # type: ignore[list-item]

        def look(name: str) -> None:
            in_order(page)
            picture(page, f"profile-{name}-{language}")

        page.goto(f"{site}/profile/")
        look("empty")
        page.goto(f"{site}/profile/bank-account/")
        page.fill("#id_account_number", "12")
        follow(page, "main .buttons button")
        look("bank-wrong")
        page.select_option("#id_bank", "014")
        page.fill("#id_account_number", "123-456-7890")
        page.fill("#id_holder", "SARI UJI")
        follow(page, "main .buttons button")
        page.goto(f"{site}/profile/heirs/add/")
        look("heir")
        page.fill("#id_heir_name", "Budi Uji")
        page.select_option("#id_relation", "child")
        follow(page, "main .buttons button")
        assert "Budi Uji" in page.inner_text("main")
        look("heirs")
        page.goto(f"{site}/account/requests/correction/")
        page.check("#id_what_0")
        page.fill("#id_right", "Sari Uji Lestari")
        page.fill("#id_why", "Begitu tertulis di KTP saya.")
        papers = [tmp_path / "ktp.jpg", tmp_path / "akta.pdf"]
        for path, content in zip(papers, (photo(size=(800, 500)), pdf()), strict=True):
            path.write_bytes(content)
        page.set_input_files("#id_evidence", papers)
        look("correction")
        follow(page, "main .buttons button")
        assert page.locator("main dd a").count() == 2
        look("requests")
        for path in LOOKED_AT:
            page.goto(f"{site}{path}")
            assert page.url == f"{site}{path}"
            look(path.strip("/").replace("/", "-"))
        page.goto(f"{site}/account/data/")
        with page.expect_download() as taken:
            page.click("main button[value=json]")
        told = json.loads(Path(taken.value.path()).read_text(encoding="utf-8"))
        assert told["sections"]["heirs"][0]["name"] == "Budi Uji"


@pytest.mark.parametrize("larger", [False, True], ids=["320 px", "text twice as large"])
def test_the_profile_fits_the_smallest_phone_without_script(
    rooms: Any, chromium: str, chromium_arguments: list[str], larger: bool
):
    site, cookies = rooms
    with browsing(chromium, chromium_arguments) as browser:
        page = opened(browser, PHONE if larger else SMALLEST, java_script_enabled=False)
        page.context.add_cookies([cookies["sari"]])  # type: ignore[list-item]
        for path in PAGES:
            page.goto(f"{site}{path}")
            assert page.url == f"{site}{path}"
            if larger:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate(STICKS_OUT) == [], path
