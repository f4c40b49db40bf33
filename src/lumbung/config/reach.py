"""What is not there and what is not yours is one and the same page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lumbung.access import NotReachable
from lumbung.config.refusals import not_found


class NotReachableMiddleware:
    """Answers what a gate of `access` refused as if there were no such page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return not_found(request) if isinstance(exception, NotReachable) else None
