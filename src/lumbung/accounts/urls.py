"""Log-in, log-out and language; each door for people includes these under its own prefix."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from lumbung.accounts import views

urlpatterns = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", views.log_out, name="account_logout"),
    path("logged-out/", views.logged_out, name="account_logged_out"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    # Closed by the adapter until members register by themselves; allauth's log-in needs its name.
    path("signup/", allauth.signup, name="account_signup"),
    path("language/", login_not_required(set_language), name="set_language"),
]
