"""`lumbung icons`: the pictures that a phone shows for the installed app, made from a fund's own mark."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from lumbung.colours import OWN_BRAND, colour

POINTS_AN_INCH = 72  # so that one point is one pixel


@dataclass(frozen=True, slots=True)
class Icon:
    """One picture: how many pixels wide, how much of that the mark takes, whether the colour fills the square."""

    name: str
    pixels: int
    share: float = 1.0
    fills: bool = False
    mark: str = "icon.svg"


ICONS = (
    Icon("icon-192.png", 192),
    Icon("icon-512.png", 512),
    # Phones cut their own shape out of it; what lies in a circle of 80 % is sure to stay.
    Icon("maskable-512.png", 512, share=0.8, fills=True),
    Icon("apple-180.png", 180, share=0.94, fills=True),
    # In the bar of a phone only the shape counts, drawn in one colour.
    Icon("badge-96.png", 96, mark="logo.svg"),
)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(*, folder: Path) -> None:
    """Make the app's icons in FOLDER (LUMBUNG_BRAND) from its icon.svg, logo.svg and brand.css."""
    marks = {icon.mark for icon in ICONS}
    missing = sorted(name for name in marks if not (folder / name).is_file())
    if missing:
        raise click.ClickException(f"{folder} has no {' and no '.join(missing)}, of which the icons are made.")
    for icon in ICONS:
        (folder / icon.name).write_bytes(drawn(icon, (folder / icon.mark).read_text("utf-8"), colour_of(folder)))
        click.echo(f"Made {folder / icon.name}")


def colour_of(folder: Path) -> str:
    """The brand colour that the folder's stylesheet sets, else Lumbung's own."""
    return colour(folder / "brand.css", "brand", OWN_BRAND)


def drawn(icon: Icon, mark: str, colour: str) -> bytes:
    """The picture as PNG. A mark that takes the colour of the text around it is drawn white."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "mark.svg").write_text(mark.replace("currentColor", "#ffffff"), encoding="utf-8")
        size, inner = f"{icon.pixels}pt", f"{icon.pixels * icon.share}pt"
        fill = f'rgb("{colour}")' if icon.fills else "none"
        Path(folder, "icon.typ").write_text(
            f"#set page(width: {size}, height: {size}, margin: 0pt, fill: {fill})\n"
            f'#align(center + horizon, image("mark.svg", width: {inner}, height: {inner}))\n',
            encoding="utf-8",
        )
        made = typst.compile(str(Path(folder, "icon.typ")), format="png", ppi=POINTS_AN_INCH)
    assert isinstance(made, bytes)
    return made
