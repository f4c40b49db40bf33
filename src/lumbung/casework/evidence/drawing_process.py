"""Draws one file anew as JPEG pictures, in a process of its own, bounded in memory and time. Run by `drawing.py`.

It gets one line of JSON (the limits) and the file's bytes on its input, and answers with one line of JSON and the
pictures after it. What it draws are pixels: no script, no attachment, no place where the photo was made.
"""

import json
import sys
import warnings
from io import BytesIO
from typing import Any


class _Refused(Exception):
    """The file breaks a limit; the argument names it."""


def main() -> None:
    """Draw, and say either the sizes of the pictures or what was wrong."""
    limits = json.loads(sys.stdin.buffer.readline())
    _bound(limits["memory"], limits["seconds"])
    content = sys.stdin.buffer.read(limits["bytes"])
    try:
        _say(*_drawn(content, limits))
    except _Refused as refused:
        _say({"fault": str(refused)})
    except MemoryError:
        _say({"fault": "pixels"})
    except BaseException:  # the decoders raise what they like, and each of it means the same  # noqa: BLE001
        _say({"fault": "damaged"})


def _bound(memory: int, seconds: int) -> None:
    """Give this process no more memory (bytes) and processor time than that, where the system can."""
    import resource  # noqa: PLC0415

    bounds = ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0))
    for kind, most in (*bounds, (resource.RLIMIT_FSIZE, 0)):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS knows no bound on memory
            continue


def _drawn(content: bytes, limits: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    from PIL import Image  # after the bounds  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        images = _of_pdf(content, limits) if limits["kind"] == "pdf" else [_of_picture(content, limits)]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _Refused("pixels") from None
    pictures = [_jpeg(image, limits) for image in images]
    pages = [[len(picture), *image.size] for picture, image in zip(pictures, images, strict=True)]
    return {"pages": pages}, pictures


def _of_picture(content: bytes, limits: dict[str, Any]) -> Any:
    """A picture the right way up, and its first frame only."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    with Image.open(BytesIO(content), formats=[limits["kind"].upper()]) as image:
        if image.width * image.height > limits["pixels"]:
            raise _Refused("pixels")
        image.draft("RGB", (limits["side"], limits["side"]))  # a JPEG is then read at a fraction of its size
        image.load()
        upright = ImageOps.exif_transpose(image)
    return _on_white(upright, limits)


def _on_white(image: Any, limits: dict[str, Any]) -> Any:
    """The picture's pixels and nothing else of it, small enough, where it is transparent on white."""
    from PIL import Image  # noqa: PLC0415

    image.thumbnail((limits["side"], limits["side"]))
    image = image.convert("RGBA")
    sheet = Image.new("RGB", image.size, "white")
    sheet.paste(image, mask=image.getchannel("A"))
    return sheet


def _of_pdf(content: bytes, limits: dict[str, Any]) -> list[Any]:
    """Each page as it would be printed, forms filled in. This PDFium knows no script (built without V8)."""
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise _Refused("locked" if "password" in str(error).lower() else "damaged") from None
    there = min(len(document), limits["pages"]) if limits["first"] else len(document)
    if not 1 <= there <= limits["pages"]:
        raise _Refused("pages" if there else "damaged")
    document.init_forms()
    return [_of_page(document[number], limits) for number in range(there)]


def _of_page(page: Any, limits: dict[str, Any]) -> Any:
    longest = max(page.get_size())
    if not 1 <= longest <= limits["points"]:
        raise _Refused("pixels")
    scale = min(limits["dots"] / 72, limits["side"] / longest)
    return _on_white(page.render(scale=scale).to_pil(), limits)


def _jpeg(image: Any, limits: dict[str, Any]) -> bytes:
    made = BytesIO()
    image.save(made, "JPEG", quality=limits["quality"], optimize=True)
    return made.getvalue()


def _say(message: dict[str, Any], pictures: list[bytes] | None = None) -> None:
    """Write one line of JSON, and the pictures after it."""
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n" + b"".join(pictures or []))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
