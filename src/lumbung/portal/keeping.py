"""Pages that are everybody's and may be kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control


def kept_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page; for one who brought no session it is everybody's, so it holds no token and may be kept.

    "no-cache" is: keep it, but ask each time whether it still holds. The answer is a 304 as long as the ETag, a
    digest of the page as it would be sent, stands; so no change of text, language, day or version is missed.
    """
    response = page_without_token(request, template, context)
    if request.session.is_empty():  # else SessionGuard has it stored nowhere
        patch_cache_control(response, public=True, no_cache=True)
    return response


def page_without_token(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that gives one who brought no session none of our cookies, since none of its forms needs a token."""
    return render(request, template, {**context, "csrf_token": ""} if request.session.is_empty() else context)
