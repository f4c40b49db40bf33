"""How everything that is refused under /api/v1/ becomes a problem."""

import math
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from lumbung import access
from lumbung.accounts import limits
from lumbung.api.problems import problem
from lumbung.errors import Refusal
from lumbung.papers.errors import TooBusy

BUSY_SECONDS = 60


class TooMany(Exception):
    """More was asked than a limit allows: from one address, or by one member."""


def problem_of(error: ValidationError) -> HttpResponse:
    """Every input that is wrong, by its place and in words; never with what was sent."""
    wrong = [{"where": _place(each), "what": str(each["msg"])} for each in error.errors]
    detail = "Some inputs are missing or not as described. `errors` says which."
    return problem(422, "bad_request", detail, errors=wrong)


def _place(error: dict[str, Any]) -> list[str]:
    """Where an input stands. The name of one that is not described is the sender's own, so it stays out."""
    place = [str(part) for part in error["loc"]]
    return place[:-1] if error["type"] == "extra_forbidden" else place


def answer_with_problems(api: NinjaAPI) -> None:
    """Have an interface answer in problems."""

    def of_status(request: HttpRequest, error: HttpError) -> HttpResponse:
        if error.status_code == 403:
            return problem(403, "scope_needed", str(error))
        if error.status_code == 400:  # ninja's for a body that is no JSON
            return problem(400, "bad_request", "The body is no JSON.")
        return problem(error.status_code, "refused", str(error))

    def of_inputs(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem_of(error)

    def not_there(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(404, "not_found", "There is no such thing, or it is not yours.")

    def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
        seconds = math.ceil(limits.wait(request).total_seconds())
        answer = problem(429, "too_many_requests", f"Wait {seconds} seconds, then ask again.")
        answer.headers["Retry-After"] = str(seconds)
        return answer

    def of_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return problem(422, refusal.code, refusal.say(gettext))

    def busy(request: HttpRequest, refusal: TooBusy) -> HttpResponse:
        answer = problem(503, refusal.code, refusal.say(gettext))
        answer.headers["Retry-After"] = str(BUSY_SECONDS)
        return answer

    handlers: dict[type[Exception], Any] = {
        HttpError: of_status,
        ValidationError: of_inputs,
        access.NotReachable: not_there,
        Http404: not_there,
        TooMany: too_many,
        TooBusy: busy,
        Refusal: of_refusal,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
