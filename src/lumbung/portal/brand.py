"""The operator's own name, colours and marks, from the folder that LUMBUNG_BRAND names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

from lumbung.colours import OWN_BRAND, OWN_PAPER, colour

OWN_NAME = "Lumbung"
# The pictures of the installed app (`lumbung icons` makes them).
ICONS = ("icon-192.png", "icon-512.png", "maskable-512.png", "apple-180.png", "badge-96.png")
# Pictures of pages, for the sheet on which a browser asks whether to install.
SCREENSHOTS = ("narrow-id.png", "narrow-en.png", "wide-id.png", "wide-en.png")


@dataclass(frozen=True, slots=True)
class Brand:
    """What pages show of the operator: a name, colours for the browser's own parts, addresses of files or "".

    `icons` is the app's pictures by name; "" where the operator has a mark of his own and not this picture of it.
    `screenshots` is pictures of pages by name; "" where they would show another look than this one.
    """

    name: str
    colour: str
    paper: str
    stylesheet: str
    logo: str
    icon: str
    icons: Mapping[str, str]
    screenshots: Mapping[str, str]

    @property
    def touch_icon(self) -> str:
        """The picture on the home screen of an iPhone."""
        return self.icons["apple-180.png"]


def brand() -> Brand:
    """As the settings have it."""
    return _brand(settings.LUMBUNG_NAME, settings.LUMBUNG_BRAND)


@lru_cache(maxsize=8)
def _brand(name: str, folder: str) -> Brand:
    def address(file: str, otherwise: str = "") -> str:
        return static(f"brand/{file}") if folder and (Path(folder) / file).is_file() else otherwise

    own_mark = address("icon.svg") or address("logo.svg")
    is_own = bool(folder) or name != OWN_NAME
    stylesheet = Path(folder) / "brand.css" if folder else None
    return Brand(
        name=name,
        colour=colour(stylesheet, "brand", OWN_BRAND),
        paper=colour(stylesheet, "paper", OWN_PAPER),
        stylesheet=address("brand.css"),
        logo=address("logo.svg"),
        icon=address("icon.svg", static("portal/icon.svg")),
        icons={file: address(file, "" if own_mark else static(f"portal/app/{file}")) for file in ICONS},
        screenshots={file: address(file, "" if is_own else static(f"portal/app/{file}")) for file in SCREENSHOTS},
    )
