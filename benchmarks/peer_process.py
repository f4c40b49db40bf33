"""django-hordak in its own process: lines of JSON ask for work and are answered with its seconds."""

import json
import sys
from typing import Any

import django


def main() -> None:
    """Migrate the peer's database, then answer until the end of the input."""
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.peer_fund import Fund

    fund = Fund()
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        seconds = getattr(fund, asked.pop("work"))(**asked)
        print(json.dumps({"seconds": seconds or 0}), flush=True)


if __name__ == "__main__":
    main()
