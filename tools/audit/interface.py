"""`make audit`: schemathesis asks a small demo's interface, by its own description, for as long as it is told."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from run import demo

TOOL = Path(sys.executable).parent / "schemathesis"
# See tests/doors/test_described.py, which runs the same for a few seconds.
LEFT_OUT = "positive_data_acceptance"


def main() -> int:
    """The tool's own status: 0 when it found nothing."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--examples", type=int, default=200, help="examples for each address")
    asked = arguments.parse_args()
    os.environ["LUMBUNG_AUDIT"] = "1"
    with demo() as (address, _home):
        command = [TOOL, "run", f"{address}api/v1/openapi.json", "--url", address, "--exclude-checks", LEFT_OUT]
        command += ["--max-examples", str(asked.examples), "--exclude-path-regex", "log-out$", "--no-color"]
        done = subprocess.run(command, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
