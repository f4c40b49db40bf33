"""`make audit`: Lighthouse and pa11y judge the pages of a small demo, by the marks of the design.

Public pages, and those behind the log-in as a member, an employer's user and an officer see them.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visiting import Visitor

HERE = Path(__file__).resolve().parent
TOOLS = HERE / "node_modules" / ".bin"
# Those that want to be found by search, then those that don't.
FOUND = (
    "", "announcements/", "forms/", "help/", "help/forgotten-password/", "security/", "law/", "law/contribution/",
    "law/own-work/", "law/old-age/", "law/pension/", "law/parameters/",
)  # fmt: skip
PAGES = (
    *FOUND,
    "verify/",
    "keys/",
    "login/",
    "login/code/",
    "register/",
    "recover/",
    "password/reset/",
    "simulator/",
    "_design",
)
INSIDE = {
    "member": (
        "dashboard/", "history/", "numbers/", "account/", "account/log-in/", "account/sessions/",
        "account/activity/", "account/contacts/", "account/requests/", "account/access/", "account/consents/",
        "account/data/", "account/notices/", "account/lock/", "account/phones/", "inbox/", "inbox/push/", "card/",
        "statement/", "balance/", "projection/", "wages/", "profile/", "profile/heirs/", "profile/bank-account/",
    ),
    "employer": ("employer/", "employer/account/log-in/", "employer/account/contacts/"),
    "officer": (
        "office/", "office/decided/", "office/records/", "office/texts/", "office/notices/", "office/broadcasts/",
        "office/account/log-in/", "office/account/contacts/",
    ),
}  # fmt: skip
TRIES = 3
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
QUIET = (
    "--headless=new --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


def main() -> int:
    """Judge each page; return 1 when there were findings."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument(
        "--only", default="", help="only pages with this in their address, or of this kind of user"
    )
    only = wanted.parse_args().only
    browser = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("Chromium is missing; install it: apt-get install --no-install-recommends chromium")
    flags = QUIET + (" --no-sandbox" if os.geteuid() == 0 else "")
    findings = 0
    with demo() as (address, home):
        for kind, pages in {"": PAGES, **INSIDE}.items():
            chosen = [page for page in pages if only in page or only == kind]
            cookies = Visitor(address, home, kind).cookies if kind and chosen else ""
            for page in chosen:
                least = LEAST if page in FOUND else {**LEAST, "seo": 0}
                findings += lighthouse(address + page, browser, flags, least, cookies)
                findings += pa11y(address + page, browser, flags, cookies)
    print(f"{findings} findings")
    return min(findings, 1)


@contextmanager
def demo() -> Iterator[tuple[str, Path]]:
    """A small demo of its own, its address and its folder; stopped and removed afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="lumbung-audit-", dir="/tmp") as home:
        os.chmod(home, 0o711)
        command = [Path(sys.executable).parent / "lumbung", "demo", "--port", str(port), "--members", "30"]
        process = subprocess.Popen(
            [*command, "--months", "3"],
            env={**os.environ, "LUMBUNG_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            for line in process.stdout or ():
                if "is running" in line:
                    break
            else:
                sys.exit("The demo did not start.")
            yield f"http://localhost:{port}/", Path(home)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def lighthouse(url: str, browser: str, flags: str, least: dict[str, int], cookies: str) -> int:
    """The four marks as a phone gets them, and how many of them are below the least."""
    report = Path(tempfile.gettempdir()) / f"lighthouse-{os.getpid()}.json"
    command = [TOOLS / "lighthouse", url, f"--chrome-flags={flags}", "--quiet", "--output=json"]
    if cookies:
        command.append(f"--extra-headers={json.dumps({'Cookie': cookies})}")
    _patiently([*command, f"--output-path={report}"], {**os.environ, "CHROME_PATH": browser})
    judged = json.loads(report.read_text())
    report.unlink()
    marks = {name: round(100 * part["score"]) for name, part in judged["categories"].items()}
    short = {name: mark for name, mark in marks.items() if mark < least.get(name, 0)}
    print(f"lighthouse {url} {marks}" + (f"  below the mark: {short}" if short else ""), flush=True)
    for audit in judged["audits"].values():
        if short and audit.get("score") is not None and audit["score"] < 0.9:
            print(f"    {audit['id']}: {audit['title']}")
    return len(short)


def _patiently(command: list[str | Path], environment: dict[str, str]) -> None:
    """Run it; once more where Chromium did not come up in time, which happens on a busy machine."""
    for tries_left in range(TRIES - 1, -1, -1):
        done = subprocess.run(command, env=environment, check=False, timeout=180)
        if done.returncode == 0:
            return
        if not tries_left:
            sys.exit(done.returncode)


def pa11y(url: str, browser: str, flags: str, cookies: str) -> int:
    """What axe and HTML CodeSniffer find."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        launch = {"executablePath": browser, "args": flags.replace("--headless=new ", "").split()}
        headers = {"Cookie": cookies} if cookies else {}
        json.dump({"runners": ["axe", "htmlcs"], "chromeLaunchConfig": launch, "headers": headers}, config)
        config.flush()
        command = [TOOLS / "pa11y", "--config", config.name, "--reporter", "json", url]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    if done.returncode not in {0, 2}:
        sys.exit(done.stderr)
    said = json.loads(done.stdout or "[]")
    # Where axe can't tell by itself (text over a drawing), a person looks: shown, not counted.
    unsure = [issue for issue in said if issue.get("runnerExtras", {}).get("needsFurtherReview")]
    issues = [issue for issue in said if issue not in unsure]
    print(f"pa11y {url} {len(issues)} issues", flush=True)
    for issue in said:
        mark = "    to look at: " if issue in unsure else "    "
        print(f"{mark}{issue['code']}: {issue['message']} {issue['selector']}")
    return len(issues)


if __name__ == "__main__":
    began = time.monotonic()
    status = main()
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(status)
