"""`make audit`: schemathesis asks a small demo's interface, by its own description, for as long as it is told.

As strangers ask, as a member's app that is logged in, and as a program with every scope.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from run import demo

TOOL = Path(sys.executable).parent / "schemathesis"
# See tests/doors/test_described.py, which runs the same for a few seconds.
LEFT_OUT = "positive_data_acceptance"
# Who asks for what. The first step is asked without a session, the second with one that waits for it, and logging
# out would end the one that the others need.
CONFIG = """
[[operations]]
include-path-regex = "^/api/v1/me(?!/log-)"
headers = {{ "X-Session-Token" = "{member}" }}

[[operations]]
include-path-regex = "second-step$"
headers = {{ "X-Session-Token" = "{waiting}" }}

[[operations]]
include-tag = "programs"
headers = {{ "Authorization" = "Bearer {program}" }}

# A session that a sequence leaves out is put back by these headers, and the tool takes the answer for a finding.
# Each operation by itself is still asked without one.
[phases.stateful.checks.negative_data_rejection]
enabled = false
"""


def main() -> int:
    """The tool's own status: 0 when it found nothing."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--examples", type=int, default=200, help="examples for each address (%(default)s)")
    arguments.add_argument("--only", default="", help="only addresses that this regular expression finds")
    arguments.add_argument("--seed", type=int, help="as the tool told it, to have the same again")
    asked = arguments.parse_args()
    os.environ["LUMBUNG_AUDIT"] = "1"
    with demo() as (address, home):
        config = home / "schemathesis.toml"
        config.write_text(CONFIG.format(**tokens(address, home)))
        command = [TOOL, "--config-file", config, "run", f"{address}api/v1/openapi.json", "--url", address]
        command += ["--exclude-checks", LEFT_OUT, "--max-examples", str(asked.examples), "--no-color"]
        command += ["--exclude-path-regex", "log-out$"]
        command += ["--include-path-regex", asked.only] if asked.only else []
        command += ["--seed", str(asked.seed)] if asked.seed is not None else []
        done = subprocess.run(command, check=False, cwd=home)
    return done.returncode


def tokens(address: str, home: Path) -> dict[str, str]:
    """Of a member's app inside, of one that waits for its second step, of a program that may ask everything."""
    os.environ["LUMBUNG_HOME"] = str(home)
    from lumbung.cli import django

    django.setup()
    rows = json.loads((home / "demo" / "log-ins.json").read_text())
    who = next(row for row in rows if row["kind"] == "member")
    inside = log_in(address, who)
    want_second_step(who["user"])
    return {"member": inside, "waiting": log_in(address, who), "program": program(address)}


def log_in(address: str, who: dict[str, str]) -> str:
    """The token that comes of it, also where something is left to do."""
    facts = json.dumps({"login": who["user"], "password": who["password"]}).encode()
    asked = Request(f"{address}api/v1/me/log-in", facts, {"Content-Type": "application/json"})
    try:
        with urlopen(asked, timeout=60) as answer:
            return str(json.load(answer)["session_token"])
    except HTTPError as refused:
        return str(json.load(refused)["session_token"])


def want_second_step(username: str) -> None:
    """From now on this member is asked for a code."""
    from allauth.mfa.totp.internal import auth as totp

    from lumbung.accounts.queries import user_by_name

    totp.TOTP.activate(user_by_name(username), totp.generate_totp_secret())


def program(address: str) -> str:
    """The token of a program that has every scope; the demo's own has not."""
    from lumbung.accounts.actions import make_program
    from lumbung.api.scopes import SCOPES

    made = make_program("audit", scopes=tuple(SCOPES))
    facts = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.secret}
    with urlopen(f"{address}api/token", urlencode(facts).encode(), timeout=60) as answer:
        return str(json.load(answer)["access_token"])


if __name__ == "__main__":
    sys.exit(main())
