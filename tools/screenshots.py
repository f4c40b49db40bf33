"""Pictures of a member's pages: for our documents, and for the sheet on which a browser offers to install the app.

Start the demo, then: .venv/bin/python tools/screenshots.py http://localhost:8000 USERNAME PASSWORD [FOLDER]
Without FOLDER the pictures of docs/members and docs/images are taken anew. With it those of the sheet: FOLDER is
src/lumbung/portal/static/portal/app for Lumbung's own look, LUMBUNG_BRAND for a fund's. The member gets a card.
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
LANGUAGES = {"id": "id-ID", "en": "en-GB"}
# What the sheet shows: name → size of the window, and how many pixels a unit of it has.
SHEET = {"narrow": ((360, 740), 2.0), "wide": ((1280, 800), 1.0)}
PHONE, DESK = ((360, 740), 1.5), ((1180, 800), 1.0)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
)
COLOURS = 64  # flat colours: a third of the size of the whole palette; kmeans lets links keep theirs
ENGLISH = ("dashboard", "law")  # what docs/members shows in English as well


def dashboard(page: Page, site: str) -> None:
    page.goto(f"{site}/dashboard/", wait_until="networkidle")


def history(page: Page, site: str) -> None:
    page.goto(f"{site}/history/")
    show(page, "main form.filters")


def why(page: Page, site: str) -> None:
    """The newest line of the balance, its derivation open."""
    page.goto(f"{site}/why/balance/")
    follow(page, "main tbody th a >> nth=0")
    page.click("main .derivation summary >> nth=0")
    show(page, "main h3")


def projection(page: Page, site: str) -> None:
    page.goto(f"{site}/projection/")
    show(page, "main table >> nth=0")


def wages(page: Page, site: str) -> None:
    """The answer for two payslips that say more than was reported."""
    page.goto(f"{site}/wages/")
    for place in (1, 2):
        page.locator("main [id^=id_wage]").nth(place).fill("7.500.000")
    follow(page, "main form[method=post] .buttons button >> nth=0")
    show(page, "#result")


def card(page: Page, site: str) -> None:
    page.goto(f"{site}/card/")
    if not page.locator("main .wide-code").count():
        follow(page, "main .buttons button")
        page.goto(f"{site}/card/")


def statement(page: Page, site: str) -> None:
    page.goto(f"{site}/statement/")


def inbox(page: Page, site: str) -> None:
    page.goto(f"{site}/inbox/")


def notices(page: Page, site: str) -> None:
    """By which ways the member is told of each kind."""
    page.goto(f"{site}/account/notices/")
    show(page, "main form")


def lock(page: Page, site: str) -> None:
    page.goto(f"{site}/account/lock/")


def law(page: Page, site: str) -> None:
    """What must be paid for a wage, and why."""
    page.goto(f"{site}/law/contribution/")
    page.fill("#id_wage", "5.000.000")
    follow(page, "main form .buttons button")
    page.click("#result summary >> nth=0")
    show(page, "#result")


PAGES: dict[str, Callable[[Page, str], None]] = {
    each.__name__: each
    for each in (dashboard, history, why, projection, wages, card, statement, inbox, notices, lock, law)
}


def follow(page: Page, what: str) -> None:
    with page.expect_navigation():
        page.click(what)


def show(page: Page, what: str) -> None:
    """Bring something to the upper edge."""
    page.locator(what).first.evaluate("it => scrollTo({top: it.getBoundingClientRect().top - 12})")


def entered(
    browser: Browser, site: str, username: str, password: str, shape: tuple[tuple[int, int], float], locale: str
) -> Page:
    """A window in which the member is logged in."""
    (width, height), scale = shape
    window = {"width": width, "height": height}
    page = browser.new_page(
        viewport=window, device_scale_factor=scale, locale=locale, reduced_motion="reduce",
        user_agent=ANDROID if shape is PHONE else None,
    )  # fmt: skip
    page.goto(f"{site}/login/")
    page.fill("#id_login", username)
    page.fill("#id_password", password)
    follow(page, "main form .buttons button")
    return page


def take(page: Page, path: Path) -> None:
    page.screenshot(path=path)
    picture = Image.open(path).convert("RGB")
    picture.quantize(COLOURS, kmeans=2).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size // 1000} kB")


def take_sheet(browser: Browser, site: str, username: str, password: str, folder: Path) -> None:
    """The balance in each shape and language."""
    for name, shape in SHEET.items():
        for language, locale in LANGUAGES.items():
            page = entered(browser, site, username, password, shape, locale)
            dashboard(page, site)
            take(page, folder / f"{name}-{language}.png")
            page.close()


def take_documents(browser: Browser, site: str, username: str, password: str) -> None:
    """The balance at a desk, then each main page on a phone, which is a new device: the inbox tells so."""
    page = entered(browser, site, username, password, DESK, LANGUAGES["en"])
    dashboard(page, site)
    take(page, ROOT / "docs/images/dashboard.png")
    page.close()
    for language, locale in LANGUAGES.items():
        page = entered(browser, site, username, password, PHONE, locale)
        for name in PAGES if language == "id" else ENGLISH:
            PAGES[name](page, site)
            take(page, ROOT / f"docs/members/{name}-{language}.png")
        page.close()


def main() -> None:
    site, username, password, *folder = sys.argv[1:]
    path = shutil.which("chromium") or shutil.which("google-chrome")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        if folder:
            take_sheet(browser, site.rstrip("/"), username, password, Path(folder[0]))
        else:
            take_documents(browser, site.rstrip("/"), username, password)
        browser.close()


if __name__ == "__main__":
    main()
