"""Which cases of the law ask for which parameter: what a lawyer checks when a value is in doubt."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from lumbung.errors import Refusal
from lumbung.law.derivation import walk
from lumbung.law.exact_yaml import read
from lumbung.law.rules.explaining import explain

_FOLDER = Path(__file__).parent / "cases"


@cache
def cases_by_parameter() -> Mapping[str, tuple[str, ...]]:
    """The names of the cases whose answer rests on a parameter, in the order of the files.

    A parameter that stands in no derivation, such as a list of documents, has none; it is proved by the program's
    own tests. Half a second of work, once.
    """
    found: dict[str, dict[str, None]] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        for case in read(path.read_bytes()):
            try:
                derivation = explain(case["rule"], case["given"])
            except Refusal:  # a case that expects one
                continue
            for step in walk(derivation):
                if step.clause is not None:
                    found.setdefault(step.clause.parameter, {})[case["name"]] = None
    return MappingProxyType({name: tuple(names) for name, names in found.items()})
