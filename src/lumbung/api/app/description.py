"""How an app logs in, for the interface's description: these answers are not made by ninja."""

from typing import Any

from lumbung.api.app.scopes import SCOPES

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_TOKEN = {
    "type": "object",
    "properties": {"session_token": {"type": "string", "description": "To be sent as X-Session-Token."}},
    "required": ["session_token"],
}


def _answers(good: dict[str, Any], **problems: str) -> dict[str, Any]:
    told = {
        status.removeprefix("s"): {
            "description": words,
            "content": {"application/problem+json": {"schema": _PROBLEM}},
        }
        for status, words in problems.items()
    }
    return {**good, **told}


# What the app wants to do; its scopes say what each is.
_SCOPES = {
    "type": "array",
    "items": {"type": "string", "enum": list(SCOPES)},
    "minItems": 1,
    "uniqueItems": True,
    "description": "What the session may do; all of it when left out. "
    + " ".join(f"`{scope}`: {words}" for scope, words in SCOPES.items()),
}


def _step(
    name: str, summary: str, description: str, fields: dict[str, str], more: dict[str, Any] | None = None
) -> dict[str, Any]:
    properties = {field: {"type": "string", "description": words} for field, words in fields.items()}
    schema = {"type": "object", "properties": {**properties, **(more or {})}, "required": list(fields)}
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "description": description,
            "tags": ["me"],
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": _answers(
                {"200": {"description": "Logged in", "content": {"application/json": {"schema": _TOKEN}}}},
                s400="What was sent is wrong; the same answer whether or not there is such a user.",
                s401="Something is still to be done: `code` is second_step_needed or confirmation_needed.",
                s409="There is a session already.",
                s429="Too many tries.",
            ),
        }
    }


PATHS: dict[str, Any] = {
    "/api/v1/me/log-in": _step(
        "log_in",
        "Log in, first step",
        "When a second step is needed the problem holds the `session_token` under which it goes on.",
        {"login": "User name, e-mail or phone.", "password": "The password."},
        {"scopes": _SCOPES},
    ),
    "/api/v1/me/log-in/second-step": {
        "post": {
            **_step(
                "second_step",
                "Log in, second step",
                "Send the token of the first step; a new one comes back.",
                {"code": "Of the authenticator app, or a recovery code."},
            )["post"],
            "security": [{"MemberSession": []}],
        }
    },
    "/api/v1/me/log-out": {
        "delete": {
            "operationId": "log_out",
            "summary": "Log out",
            "tags": ["me"],
            "security": [{"MemberSession": []}],
            "responses": _answers({"204": {"description": "Logged out"}}, s401="There is no such session."),
        }
    },
}
