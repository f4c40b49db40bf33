"""What the server refuses, as exceptions."""

from typing import Any

import httpx


class Problem(Exception):
    """A problem (RFC 9457). `code` may be relied on, the words may change; `facts` is all that came."""

    def __init__(self, status: int, code: str, detail: str, facts: dict[str, Any]) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail, self.facts = status, code, detail, facts

    @property
    def retry_seconds(self) -> int | None:
        """After how many seconds it is worth asking again, if the server said so."""
        found = self.facts.get("retry_after")
        return None if found is None else int(found)


class LogInNeeded(Problem):
    """There is no session, or its time is over."""


class SecondStepNeeded(Problem):
    """The password was right; a code is needed as well."""


_KINDS: dict[str, type[Problem]] = {"log_in_needed": LogInNeeded, "second_step_needed": SecondStepNeeded}


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer, when it is one. Raises Problem."""
    if answer.status_code < 400:
        return answer
    try:
        facts = answer.json()
    except ValueError:
        facts = {}
    if not isinstance(facts, dict):
        facts = {}
    if "Retry-After" in answer.headers:
        facts["retry_after"] = answer.headers["Retry-After"]
    code = str(facts.get("code", "unreadable"))
    kind = _KINDS.get(code, Problem)
    raise kind(answer.status_code, code, str(facts.get("detail", answer.reason_phrase)), facts)
