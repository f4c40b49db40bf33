"""Stylesheets, scripts and pictures drawn in text go out compressed; pages, which carry secrets, do not."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED = ("text/", "image/svg+xml", "application/manifest+json")


class CompressionMiddleware(GZipMiddleware):
    """Django's, for static files only: how well a page compresses can give away what else is in it (BREACH)."""

    max_random_bytes = 0  # nothing here is secret

    def process_request(self, request: HttpRequest) -> None:
        """What was compressed went out with a weak tag, by which WhiteNoise would not know its file again."""
        known = request.META.get("HTTP_IF_NONE_MATCH", "")
        if known.startswith("W/") and request.path_info.startswith(settings.STATIC_URL):
            request.META["HTTP_IF_NONE_MATCH"] = known.removeprefix("W/")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_static = request.path_info.startswith(settings.STATIC_URL) and response.status_code == 200
        if is_static and response.get("Content-Type", "").startswith(COMPRESSED):
            return super().process_response(request, response)
        return response
