"""Rules of security that stand in the sources: what our scripts never do, where chance comes from."""

import ast
import re
from math import prod
from pathlib import Path

from django.conf import settings

from lumbung.accounts.confirming import DIGITS
from lumbung.accounts.recovery import codes as officers_codes
from lumbung.accounts.registration import codes as registration_codes

SOURCE = Path(__file__).resolve().parent.parent / "src" / "lumbung"
# What no script of ours does: make markup of text, run text, keep anything, hear other windows, meddle with paste.
NEVER = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function"
    r"|localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b"
    r"|(?:window|self|parent|opener|top)\.(?:postMessage|onmessage)|(?:window|self|^\s*)\.?addEventListener\(\"message\""
    r"|paste|importScripts|https?://",
    re.M,
)


def test_our_scripts_write_text_and_keep_nothing():
    scripts = sorted({*SOURCE.glob("*/static/**/*.js"), *SOURCE.glob("*/templates/**/*.js")})
    assert len(scripts) >= 6
    for script in scripts:
        found = NEVER.findall(script.read_text(encoding="utf-8"))
        if script.name == "worker.js":  # keeps what everybody gets (doors/test_app_browser.py looks into it)
            found = [word for word in found if word != "caches"]
        assert found == [], script.name
    for planted in ("x.innerHTML = y", "localStorage.a = 1", 'window.addEventListener("message", f)', "eval(x)"):
        assert NEVER.search(planted), planted


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return found | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_chance_comes_from_the_system():
    """`random` can be foretold: only the demo's people and texts come from it, the same each time."""
    users = {path.name for path in SOURCE.rglob("*.py") if "random" in imports_of(path)}
    assert users == {"demopeople.py", "demoprofiles.py", "demofeed.py"}


def test_no_code_has_fewer_than_a_million_values():
    """Six digits, as ASVS V6.5.4 has it."""
    form = settings.ALLAUTH_USER_CODE_FORMAT
    assert form["numeric"]
    values = {
        "by SMS and e-mail": 10 ** form["length"],
        "of ours": len(DIGITS) ** form["length"],
        "registration": 10**registration_codes.DIGITS,
        "an officer's": prod([len(officers_codes.SIGNS)] * officers_codes.LENGTH),
        "recovery": 10 ** getattr(settings, "MFA_RECOVERY_CODE_DIGITS", 8),
        "an app's": 10 ** getattr(settings, "MFA_TOTP_DIGITS", 6),
    }
    assert {name: count for name, count in values.items() if count < 10**6} == {}
    assert values["an officer's"] > 2**42
