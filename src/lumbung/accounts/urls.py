"""Log-in, log-out and language; each door for people includes these under its own prefix."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from lumbung.accounts import views

# Django's form views take a PUT for a POST.
read_or_post = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("login/", read_or_post(allauth.login), name="account_login"),
    path("logout/", views.log_out, name="account_logout"),
    path("logged-out/", views.logged_out, name="account_logged_out"),
    path("reauthenticate/", read_or_post(allauth.reauthenticate), name="account_reauthenticate"),
    # Closed by the adapter until members register by themselves; allauth's log-in needs its name.
    path("signup/", read_or_post(allauth.signup), name="account_signup"),
    path("", include("lumbung.accounts.recovery.urls")),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
]
