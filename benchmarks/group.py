"""One group of benchmarks in a process of its own: results go out as lines of JSON."""

import argparse
import importlib
import json
import sys


def main() -> None:
    """Run the group that the parent names, with its options."""
    name, options = sys.argv[1], argparse.Namespace(**json.loads(sys.argv[2]))
    import django

    django.setup()
    for result in importlib.import_module(f"benchmarks.{name}").run(options):
        print(json.dumps(result.as_dict()), flush=True)


if __name__ == "__main__":
    main()
