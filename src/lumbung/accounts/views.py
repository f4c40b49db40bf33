"""Log-out, as a browser that others use needs it."""

from allauth.account.views import LogoutView, signup
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe


class LogOutView(LogoutView):  # type: ignore[misc]
    """Ends the session and has the browser forget everything it kept of this address."""

    http_method_names = ["get", "head", "post"]

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        # The language went with the cookies; the page that follows is still read by the same person.
        response.headers["Location"] += f"?in={get_language()}"
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


log_out = LogOutView.as_view()


@login_not_required
def sign_up(request: HttpRequest) -> HttpResponse:
    """Members register on pages of their own; at other doors the page says that nobody can."""
    if request.door.name == "member":  # type: ignore[attr-defined]
        return redirect("portal:register")
    closed: HttpResponse = signup(request)
    return closed


@login_not_required
@require_safe
def logged_out(request: HttpRequest) -> HttpResponse:
    """A page of its own, because a message kept for the next page would go with the cookies."""
    language = request.GET.get("in", "")
    with override(language if language in dict(settings.LANGUAGES) else get_language()):
        return render(request, "account/logged_out.html")
