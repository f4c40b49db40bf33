"""Who changes what decides who gets in proves just before who he is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode


def proof_needed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let through who proved it in the last minutes; all others do so first and come back to the page.

    allauth's own decorator would keep what was sent in the session meanwhile, and that may be a password.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_reauthentication_required(request, app="allauth.account"):
            return view(request, *args, **kwargs)
        methods = get_adapter(request).get_reauthentication_methods(request.user)
        if not methods:
            raise PermissionDenied
        return HttpResponseRedirect(f"{methods[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: request.path})}")

    return asked
