"""The Content-Security-Policy header, written once for all answers that have no policy of their own."""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, which would build the same header anew for each answer."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.policy = build_policy()
        self.has_second = bool(build_policy(report_only=True))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        own = any(name.startswith("_csp_") for name in (*vars(response), *vars(request)))
        if own or self.has_second:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response
