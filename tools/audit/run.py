"""`make audit`: Lighthouse and pa11y judge the public pages of a small demo, by the marks of the design."""

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

HERE = Path(__file__).resolve().parent
TOOLS = HERE / "node_modules" / ".bin"
# Those that want to be found by search, then those that don't.
FOUND = ("", "announcements/", "forms/", "help/", "help/forgotten-password/", "security/", "law/", "law/pension/")
PAGES = (*FOUND, "login/", "login/code/", "register/", "recover/", "password/reset/", "simulator/", "_design")
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
QUIET = (
    "--headless=new --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


def main() -> int:
    """Judge each page; return how many findings there were."""
    browser = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("Chromium is missing; install it: apt-get install --no-install-recommends chromium")
    flags = QUIET + (" --no-sandbox" if os.geteuid() == 0 else "")
    findings = 0
    with demo() as address:
        for page in PAGES:
            least = LEAST if page in FOUND else {**LEAST, "seo": 0}
            findings += lighthouse(address + page, browser, flags, least)
            findings += pa11y(address + page, browser, flags)
    print(f"{findings} findings")
    return min(findings, 1)


@contextmanager
def demo() -> Iterator[str]:
    """A small demo of its own, stopped and removed afterwards."""
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
            yield f"http://localhost:{port}/"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def lighthouse(url: str, browser: str, flags: str, least: dict[str, int]) -> int:
    """The four marks as a phone gets them, and how many of them are below the least."""
    report = Path(tempfile.gettempdir()) / f"lighthouse-{os.getpid()}.json"
    command = [TOOLS / "lighthouse", url, f"--chrome-flags={flags}", "--quiet", "--output=json"]
    subprocess.run(
        [*command, f"--output-path={report}"], env={**os.environ, "CHROME_PATH": browser}, check=True, timeout=180
    )
    judged = json.loads(report.read_text())
    report.unlink()
    marks = {name: round(100 * part["score"]) for name, part in judged["categories"].items()}
    short = {name: mark for name, mark in marks.items() if mark < least.get(name, 0)}
    print(f"lighthouse {url} {marks}" + (f"  below the mark: {short}" if short else ""), flush=True)
    for audit in judged["audits"].values():
        if short and audit.get("score") is not None and audit["score"] < 0.9:
            print(f"    {audit['id']}: {audit['title']}")
    return len(short)


def pa11y(url: str, browser: str, flags: str) -> int:
    """What axe and HTML CodeSniffer find."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        launch = {"executablePath": browser, "args": flags.replace("--headless=new ", "").split()}
        json.dump({"runners": ["axe", "htmlcs"], "chromeLaunchConfig": launch}, config)
        config.flush()
        command = [TOOLS / "pa11y", "--config", config.name, "--reporter", "json", url]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    if done.returncode not in {0, 2}:
        sys.exit(done.stderr)
    issues = json.loads(done.stdout or "[]")
    print(f"pa11y {url} {len(issues)} issues", flush=True)
    for issue in issues:
        print(f"    {issue['code']}: {issue['message']} {issue['selector']}")
    return len(issues)


if __name__ == "__main__":
    began = time.monotonic()
    status = main()
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(status)
