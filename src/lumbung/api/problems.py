"""What the programs' interface answers when it can't do what was asked: problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

MEDIA_TYPE = "application/problem+json"


def problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """A problem: `code` is what programs may rely on, `detail` says what happened and what to do.

    No value that was sent is repeated: it may be personal, and answers are written into logs.
    """
    facts = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JsonResponse({**facts, "detail": detail, "code": code, **more}, status=status, content_type=MEDIA_TYPE)
