"""Whether the operator closed the doors for maintenance: a small file, so that no database is needed to know."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Maintenance:
    """The doors are closed: until when if that is known, why in both languages if that was said, and whether
    texts are still taken in."""

    until: datetime | None = None
    message_id: str = ""
    message_en: str = ""
    sms_open: bool = True

    def message(self, language: str) -> str:
        """What the operator said, in this language."""
        return self.message_en if language == "en" else self.message_id


def standing(path: Path) -> Maintenance | None:
    """What the file says, None when there is none. Asked for with every request: one `stat` while nothing changes.

    A file that can't be read or understood still closes the doors: whoever put it there wanted that.
    """
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return _read(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, *_changes_with: int) -> Maintenance:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        until = datetime.fromisoformat(kept["until"]) if kept.get("until") else None
        return Maintenance(
            until=until.astimezone() if until else None,
            message_id=str(kept.get("message_id", "")),
            message_en=str(kept.get("message_en", "")),
            sms_open=kept.get("sms_open", True) is not False,
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return Maintenance()


def switch_on(path: Path, wanted: Maintenance) -> None:
    """Close the doors, or say something else about it: the file is there whole or not at all. Raises OSError.

    The services own the folder that root writes to: nothing that one of them put there is written through.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    until = wanted.until.isoformat() if wanted.until else None
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with open(os.open(scratch, flags, 0o600), "w", encoding="utf-8") as file:
        json.dump({**asdict(wanted), "until": until}, file, ensure_ascii=False)
        # Not private: servers that run as another user read it, and what it says is shown to everybody.
        os.fchmod(file.fileno(), 0o644)
    scratch.replace(path)


def switch_off(path: Path) -> bool:
    """Open the doors; whether they had been closed. Raises OSError."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
