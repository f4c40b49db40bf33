"""Codes as programs that are not ours read them, and other papers to check against ours."""

import subprocess
from io import BytesIO
from pathlib import Path

import zxingcpp
from django.test import Client
from PIL import Image

from lumbung.papers import signing

OTHER_FUND = signing.Keyring.of(bytes(range(32)))


def code_in(picture: bytes) -> str:
    """The one QR code of a picture. Lines of a table may look like a code of bars to the reader."""
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)), formats=zxingcpp.BarcodeFormat.QRCode)
    return str(found.text)


def code_in_pdf(pdf: bytes, folder: Path) -> str:
    """The one code of a PDF's first page, as poppler draws it."""
    (folder / "paper.pdf").write_bytes(pdf)
    words = ["pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-png", "-singlefile", "paper.pdf", "page"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return code_in((folder / "page.png").read_bytes())


def said_of(text: str) -> str:
    """The page that a check of a text leads to, in English."""
    answer = Client(headers={"Accept-Language": "en"}).post("/verify/", {"text": text})
    assert answer.status_code == 200
    return answer.content.decode()


def verdict_of(text: str) -> str:
    """The same for a program."""
    return str(Client(headers={"Accept": "application/json"}).post("/verify/", {"text": text}).json()["verdict"])


def forged(text: str) -> str:
    """One letter of what it says is another one."""
    head, said, signature = text.split(".")
    other = "A" if said[60] != "A" else "B"
    return f"{head}.{said[:60]}{other}{said[61:]}.{signature}"
