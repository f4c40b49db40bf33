"""The colours of pages that the world outside them needs too: for a browser's bar, and for an app's icons."""

import re
from pathlib import Path

OWN_BRAND = "#5a2a1c"  # --brand in lumbung.css
OWN_PAPER = "#fdf9f2"  # --paper there


def colour(stylesheet: Path | None, variable: str, otherwise: str) -> str:
    """What the stylesheet first sets the variable to, when it is there and does."""
    if stylesheet is None or not stylesheet.is_file():
        return otherwise
    found = re.search(rf"--{variable}:\s*(#[0-9a-fA-F]{{3,8}})\s*;", stylesheet.read_text(encoding="utf-8"))
    return found[1] if found else otherwise
