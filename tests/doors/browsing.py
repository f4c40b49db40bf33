"""A server of the demo and a browser, kept from test to test in one process: starting the two takes seconds.

What a test changes ends with it all the same: the server's database is a new one for each test, under the same
name, and what the browser kept (cookies, storage, workers, cache) lives in contexts that are closed.
"""

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, sync_playwright
from ports import free_port


@dataclass
class Kept:
    """Something that runs on between tests, as long as the next one asks for the same."""

    asked: object = None
    found: object = None
    open: ExitStack = field(default_factory=ExitStack)

    def end(self) -> None:
        self.asked = self.found = None
        self.open.close()


SITE, BROWSER = Kept(), Kept()


@contextmanager
def serving() -> Iterator[str]:
    """The address of the demo's server over the present test's clone and environment."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    if SITE.asked != environment:
        SITE.end()
        SITE.found = SITE.open.enter_context(_started(0))
        SITE.asked = environment
    address, server = SITE.found  # type: ignore[misc]
    _wait_for(address, server)
    yield address


@contextmanager
def serving_alone(port: int = 0, **settings: str) -> Iterator[str]:
    """The address of a server that ends here, at that port or any, with these variables set."""
    with _started(port, **settings) as (address, _):
        yield address


@contextmanager
def browsing(chromium: str, arguments: list[str]) -> Iterator[Browser]:
    """The browser, in which nobody has been yet.

    Playwright leaves word that its loop runs here, which it does only while a call of its own waits. The word is
    taken back meanwhile: the next test may run another loop, and Django asks the database of no thread with one.
    """
    if BROWSER.asked != (chromium, arguments):
        BROWSER.end()
        BROWSER.found = BROWSER.open.enter_context(_launched(chromium, arguments))
        BROWSER.asked = (chromium, arguments)
    browser, loop = BROWSER.found  # type: ignore[misc]
    asyncio._set_running_loop(loop)
    try:
        yield browser
        for context in browser.contexts:
            context.close()
    except BaseException:
        BROWSER.end()
        raise
    finally:
        asyncio._set_running_loop(None)


def end_what_is_kept() -> None:
    """At the end of the tests."""
    BROWSER.end()
    SITE.end()


@contextmanager
def _launched(chromium: str, arguments: list[str]) -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        loop = asyncio.get_running_loop()
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


@contextmanager
def _started(port: int, **settings: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = port or free_port()
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lumbung.config.settings",
        "LUMBUNG_DEMO": "1",
        "LUMBUNG_PUBLIC_URL": address,
        **settings,
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--log-level", "error", "--workers-kill-timeout", "3"]
    server = subprocess.Popen([*command, "lumbung.config.wsgi:application"], env=environment)
    try:
        _wait_for(address, server)
        yield address, server
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            raise


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}")
