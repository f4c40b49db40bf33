"""The law stands alone: standard library and a YAML reader, nothing else, and no clock."""

import ast
import subprocess
import sys
from pathlib import Path

import lumbung.law

FOLDER = Path(lumbung.law.__file__).parent
SCRIPT = """
import sys
import importlib, pkgutil, lumbung.law
for module in pkgutil.walk_packages(lumbung.law.__path__, "lumbung.law."):
    importlib.import_module(module.name)
from lumbung.law.month import Month
from lumbung.law.contributions import assess
assess(wage=1, month=Month(2025, 4), risk_class="I")
print(" ".join(sorted({name.split(".")[0] for name in sys.modules} - set(sys.stdlib_module_names))))
"""


def test_the_law_needs_the_standard_library_and_yaml_only() -> None:
    done = subprocess.run([sys.executable, "-I", "-c", SCRIPT], capture_output=True, text=True, check=True)
    found = set(done.stdout.split())
    assert {"lumbung", "yaml"} <= found
    assert not found & {"django", "click", "rich", "psycopg", "procrastinate", "numpy"}
    # The C reader of YAML makes `_cython_…` and `cython_runtime` out of nothing.
    assert {name for name in found if not name.startswith(("_", "cython_"))} <= {"lumbung", "yaml"}


def test_no_float_and_no_clock_stand_in_the_law() -> None:
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.Name) and node.id == "float"), path
            assert not (isinstance(node, ast.Attribute) and node.attr in {"today", "now", "time"}), path
