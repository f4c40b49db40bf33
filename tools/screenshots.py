"""Pictures of a member's balance for the sheet on which a browser asks whether to install the app.

Start the demo, then: .venv/bin/python tools/screenshots.py http://localhost:8000 USERNAME PASSWORD FOLDER
FOLDER is src/lumbung/portal/static/portal/app for Lumbung's own look, LUMBUNG_BRAND for a fund's.
"""

import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

# Name → size of the window, and how many pixels a unit of it has.
SHAPES = {"narrow": ((360, 740), 2), "wide": ((1280, 800), 1)}
LANGUAGES = {"id": "id-ID", "en": "en-GB"}
COLOURS = 128  # flat colours: half the size of the whole palette, and nobody sees it


def take(browser: Browser, site: str, username: str, password: str, folder: Path) -> None:
    """Each shape in each language."""
    for shape, ((width, height), scale) in SHAPES.items():
        for language, locale in LANGUAGES.items():
            window = {"width": width, "height": height}
            page = browser.new_page(viewport=window, device_scale_factor=scale, locale=locale)
            page.goto(f"{site}/login/")
            page.fill("#id_login", username)
            page.fill("#id_password", password)
            with page.expect_navigation():
                page.click("main form .buttons button")
            page.goto(f"{site}/dashboard/", wait_until="networkidle")
            path = folder / f"{shape}-{language}.png"
            page.screenshot(path=path)
            Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
            print(f"{path}: {path.stat().st_size // 1000} kB")
            page.close()


def main() -> None:
    site, username, password, folder = sys.argv[1:]
    path = shutil.which("chromium") or shutil.which("google-chrome")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        take(browser, site.rstrip("/"), username, password, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
