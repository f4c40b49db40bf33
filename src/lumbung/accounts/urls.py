"""Log-in, what a user changes about it, log-out and language; each door for people includes these."""

from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from lumbung.accounts import views
from lumbung.accounts.factors import views as factors
from lumbung.accounts.passwords import views as passwords
from lumbung.accounts.proof import proof_needed

# Django's form views take a PUT for a POST.
read_or_post = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("login/", read_or_post(views.LogInView.as_view()), name="account_login"),
    path("login/code/", read_or_post(views.RequestCodeView.as_view()), name="account_request_login_code"),
    path("login/code/confirm/", read_or_post(views.ConfirmCodeView.as_view()), name="account_confirm_login_code"),
    path("login/passkey/", read_or_post(views.PasskeyLogInView.as_view()), name="mfa_login_webauthn"),
    path("login/second-step/", read_or_post(views.SecondStepView.as_view()), name="mfa_authenticate"),
    path("login/start-over/", views.start_over, name="account_start_over"),
    path("logout/", views.log_out, name="account_logout"),
    path("logged-out/", views.logged_out, name="account_logged_out"),
    path("reauthenticate/", read_or_post(views.ReauthenticateView.as_view()), name="account_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        read_or_post(views.ReauthenticateByPasskeyView.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("", include("lumbung.accounts.sessions.urls")),
    path("", include("lumbung.accounts.recovery.urls")),
    path("", include("lumbung.accounts.contacts.urls")),
    # Members register on their own pages, nobody at other doors; allauth's log-in needs the name.
    path("signup/", read_or_post(views.sign_up), name="account_signup"),
    path("account/log-in/", require_safe(factors.OverviewView.as_view()), name="mfa_index"),
    path("account/password/", passwords.change_password, name="account_change_password"),
    path("account/username/", passwords.change_username, name="account_change_username"),
    path("account/app/", read_or_post(proof_needed(factors.AddAppView.as_view())), name="mfa_activate_totp"),
    path(
        "account/app/remove/",
        read_or_post(proof_needed(factors.RemoveAppView.as_view())),
        name="mfa_deactivate_totp",
    ),
    path("account/passkeys/", require_safe(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path(
        "account/passkeys/add/",
        read_or_post(proof_needed(factors.AddPasskeyView.as_view())),
        name="mfa_add_webauthn",
    ),
    path(
        "account/passkeys/<int:pk>/name/",
        read_or_post(proof_needed(passkeys.edit_webauthn)),
        name="mfa_edit_webauthn",
    ),
    path(
        "account/passkeys/<int:pk>/remove/",
        read_or_post(proof_needed(factors.RemovePasskeyView.as_view())),
        name="mfa_remove_webauthn",
    ),
    path(
        "account/recovery-codes/",
        require_safe(proof_needed(factors.RecoveryCodesView.as_view())),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/recovery-codes/new/",
        read_or_post(proof_needed(recovery_codes.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    # Nothing is done in the user's name here, so a stranger's form may do it: public pages hold no token, set no
    # cookie and can be kept.
    path("language/", csrf_exempt(login_not_required(require_POST(set_language))), name="set_language"),
]
