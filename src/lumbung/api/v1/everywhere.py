"""What any operation may answer, whatever it does: described once, for all of them."""

from typing import Any

from lumbung.api.problems import MEDIA_TYPE

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RETRY_AFTER = {
    "Retry-After": {
        "description": "After how many seconds it is worth asking again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    }
}
ETAG = {"ETag": {"description": "Changes when the answer does.", "required": True, "schema": {"type": "string"}}}
RESPONSES: dict[str, Any] = {
    "Unchanged": {"description": "What If-None-Match names is still right; there is no body.", "headers": ETAG},
    "Unreadable": {
        "description": "The address, a header or the body can't be read, or is longer than it may be.",
        "content": _PROBLEM,
    },
    "Changed": {
        "description": "If-Match or If-Unmodified-Since was sent, and something else is there by now.",
        "content": _PROBLEM,
    },
    "TooMany": {
        "description": "More was asked than a limit allows.",
        "headers": _RETRY_AFTER,
        "content": _PROBLEM,
    },
    "Broken": {"description": "Something broke here; nothing was changed by halves.", "content": _PROBLEM},
    "Closed": {
        "description": "Nothing is served now: `code` is maintenance or unavailable, and for papers too_busy.",
        "headers": _RETRY_AFTER,
        "content": _PROBLEM,
    },
}
_ALL = {"400": "Unreadable", "500": "Broken", "503": "Closed"}
_READ = {"304": "Unchanged", "412": "Changed"}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an answer that is there already.",
    "schema": {"type": "string", "examples": ['"0123456789abcdef"']},
}


def complete(schema: dict[str, Any]) -> None:
    """Add to each operation of a description what the middleware and the doors may answer in its place.

    What an operation says in its own words about one of these statuses stays.
    """
    schema["components"]["responses"] = RESPONSES
    schema["components"]["parameters"] = {"IfNoneMatch": _IF_NONE_MATCH}
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            _complete(operation, is_read=method == "get")


def _complete(operation: dict[str, Any], *, is_read: bool) -> None:
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    if "429" in answers:  # whoever counts says how long to wait
        answers["429"] = _named("TooMany")
    for status, name in {**_ALL, **(_READ if is_read else {})}.items():
        answers.setdefault(status, _named(name))
    if is_read:
        answers["200"]["headers"] = ETAG
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IfNoneMatch"})
    operation["responses"] = dict(sorted(answers.items()))


def _named(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name}"}
