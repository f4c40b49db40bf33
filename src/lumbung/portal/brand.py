"""The operator's own name, colours and marks, from the folder that LUMBUNG_BRAND names."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

OWN_COLOUR = "#5a2a1c"  # --brand in lumbung.css, for the browser's own bar


@dataclass(frozen=True, slots=True)
class Brand:
    """What pages show of the operator: a name, a colour for the browser's bar, addresses of files or ""."""

    name: str
    colour: str
    stylesheet: str
    logo: str
    icon: str


def brand() -> Brand:
    """As the settings have it."""
    return _brand(settings.LUMBUNG_NAME, settings.LUMBUNG_BRAND)


@lru_cache(maxsize=8)
def _brand(name: str, folder: str) -> Brand:
    def address(file: str, otherwise: str = "") -> str:
        return static(f"brand/{file}") if folder and (Path(folder) / file).is_file() else otherwise

    return Brand(
        name=name,
        colour=_colour(Path(folder) / "brand.css") if folder else OWN_COLOUR,
        stylesheet=address("brand.css"),
        logo=address("logo.svg"),
        icon=address("icon.svg", static("portal/icon.svg")),
    )


def _colour(stylesheet: Path) -> str:
    if not stylesheet.is_file():
        return OWN_COLOUR
    found = re.search(r"--brand:\s*(#[0-9a-fA-F]{3,8})\s*;", stylesheet.read_text(encoding="utf-8"))
    return found[1] if found else OWN_COLOUR
