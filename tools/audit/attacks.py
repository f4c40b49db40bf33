"""`make audit`: wapiti and sqlmap attack the public pages of a small demo."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from run import demo

TOOLS = Path(__file__).resolve().parents[2] / ".venv-attacks" / "bin"
MODULES = "sql,timesql,xss,exec,file,ssrf,redirect,crlf,xxe,csp,http_headers,cookieflags"
SECONDS = 240  # for wapiti: crawling, and each module
# The demo speaks http, where cookies can't be Secure; tests/doors/test_serving.py looks at them behind TLS.
EXPECTED = {"Secure Flag cookie"}
# Addresses with something that is read, and what may be sent to the calculators.
QUERIES = ("announcements/?page=1", "api/v1/law/parameters?language=en", "login/?next=/dashboard/")
FORMS = {
    "law/contribution/": "wage=5000000&risk_class=I&month=10&year=2026",
    "law/old-age/": "wage=5000000&years=10&opening=0&rate=5",
    "law/pension/": "born_day=1&born_month=2&born_year=1985&wage=5000000&since=2016&scenario=middle",
    "login/": "login=nobody&password=nothing",
}


def main() -> int:
    """How many findings there were, at most 1 as a status."""
    os.environ["LUMBUNG_AUDIT"] = "1"
    with demo() as (address, _home):
        found = wapiti(address)
        found += sum(sqlmap(address + query) for query in QUERIES)
        found += sum(sqlmap(address + page, data) for page, data in FORMS.items())
    print(f"{found} findings")
    return min(found, 1)


def wapiti(address: str) -> int:
    """What it found on the pages that it reaches; an exit over time is no finding."""
    with tempfile.TemporaryDirectory(prefix="wapiti-") as folder:
        report = Path(folder) / "report.json"
        command = [TOOLS / "wapiti", "-u", address, "--scope", "folder", "-m", MODULES, "--flush-session"]
        command += ["--max-scan-time", str(SECONDS), "--max-attack-time", str(SECONDS // 4), "--no-bugreport"]
        command += [
            "--store-session",
            folder,
            "--store-config",
            folder,
            "-f",
            "json",
            "-o",
            str(report),
            "-v",
            "0",
        ]
        subprocess.run(command, check=True, timeout=4 * SECONDS)
        judged = json.loads(report.read_text(encoding="utf-8"))
    found = 0
    for kind in ("vulnerabilities", "anomalies"):
        for name, each in judged[kind].items():
            for finding in () if name in EXPECTED else each:
                print(f"wapiti {name}: {finding['method']} {finding['path']} {finding['info']}", flush=True)
                found += 1
    print(f"wapiti {address} {found} findings", flush=True)
    return found


def sqlmap(url: str, data: str = "") -> int:
    """Whether an address can be injected into."""
    with tempfile.TemporaryDirectory(prefix="sqlmap-") as folder:
        command = [TOOLS / "sqlmap", "-u", url, "--batch", "--smart", "--level", "2", "--flush-session"]
        command += ["--output-dir", folder, "--disable-coloring", "--ignore-code", "*"]
        done = subprocess.run(
            [*command, *(["--data", data] if data else [])],
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
    is_found = "is vulnerable" in done.stdout or "injection point" in done.stdout
    print(f"sqlmap {url} {'INJECTABLE' if is_found else 'nothing'}", flush=True)
    if is_found:
        print(done.stdout)
    return int(is_found)


if __name__ == "__main__":
    sys.exit(main())
