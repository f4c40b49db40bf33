"""What a door answers when it can't serve: pages for people, plain JSON for programs."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from lumbung.access import NotReachable

CODES = {
    HTTPStatus.BAD_REQUEST: "bad_request",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many_requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
}


def _refuse(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    door = getattr(request, "door", None)
    if door is not None and door.has_sessions:
        return render(request, f"{status}.html", status=status)
    return JsonResponse({"code": CODES[status], "message": status.phrase}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refuse(request, HTTPStatus.NOT_FOUND)


def too_many(request: HttpRequest) -> HttpResponse:
    return _refuse(request, HTTPStatus.TOO_MANY_REQUESTS)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the log-in, or came from another site. The reason is neither shown nor logged:
    it may hold the page's address."""
    return _refuse(request, HTTPStatus.FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing that may be what broke is used: no user, no database, no context processor."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    door = getattr(request, "door", None)
    if door is not None and door.has_sessions:
        return HttpResponse(render_to_string("500.html"), status=status)
    return JsonResponse({"code": CODES[status], "message": status.phrase}, status=status)


class NotReachableMiddleware:
    """What is not there and what is not yours is one and the same page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return not_found(request) if isinstance(exception, NotReachable) else None
