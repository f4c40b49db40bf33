"""What requests and answers have in common."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from lumbung.law.inputs import MOST_RUPIAH

Language = Literal["en", "id"]
Rupiah = Annotated[int, Field(strict=True, ge=0, le=MOST_RUPIAH, description="Whole rupiah.")]
LANGUAGE = Field("en", description="In which language labels and sentences come.")


def _is_a_day(written: str) -> str:
    """Refuse the 31st of February."""
    date.fromisoformat(written)
    return written


Day = Annotated[
    str,
    Field(pattern=r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}),
    AfterValidator(_is_a_day),
]


class Asked(Schema):
    """A body that was sent. What it has beyond what is described is refused: it may be a slip of the pen."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """Why a request was not done (RFC 9457). `code` is what programs may rely on."""

    type: str = Field(description="about:blank; `code` tells problems of one status apart.")
    title: str = Field(description="The words of the status.")
    status: int
    detail: str = Field(description="What happened, and what to do.")
    code: str
    errors: list[dict[str, Any]] | None = Field(None, description="What is wrong with which input, if that is it.")
