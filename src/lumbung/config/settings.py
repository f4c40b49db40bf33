"""Django's settings, all of them read from the environment; what is missing outside the demo stops the start."""

import base64
import os
import re
from datetime import time
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from lumbung.cli.home import maintenance_file
from lumbung.config import logs
from lumbung.law.errors import BadMonth
from lumbung.law.month import Month
from lumbung.messaging.mail import server as mail_server

PACKAGE = Path(__file__).resolve().parent.parent
ALL_DOORS = ("member", "employer", "office", "app", "api", "sms")


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Start the demo with `make demo`, or set it in the environment."
        )
    return value


def _database(url: str) -> dict[str, object]:
    """Django's form of postgresql://user:password@host:port/name?host=/socket/folder."""
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        port, threshold = parts.port, int(query.get("prepare_threshold", 5))
    except ValueError:
        parts, query, port, threshold = urlsplit(""), {}, None, 0
    if parts.scheme not in {"postgresql", "postgres"}:
        # Without the address itself: a password may stand in it.
        raise ImproperlyConfigured("DATABASE_URL is no address like postgresql://user:password@host:port/name.")
    return {
        "ENGINE": "lumbung.config.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(query.pop("port", port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A server that does not answer is given up before the visitor gives us up. Hot reads are prepared on the
        # server; behind PgBouncer in transaction mode: ?prepare_threshold=0.
        "OPTIONS": {"connect_timeout": "5", **query, "prepare_threshold": threshold or None},
    }


def _folder(name: str) -> str:
    """The folder that the variable names, or "" when it names none."""
    folder = os.environ.get(name, "")
    if folder and not Path(folder).is_dir():
        raise ImproperlyConfigured(f"{name} names {folder}, which is not a folder that can be read.")
    return folder


def _file(name: str) -> str:
    """The file that the variable names, or "" when it names none."""
    path = os.environ.get(name, "")
    if path and not os.access(path, os.R_OK):
        raise ImproperlyConfigured(f"{name} names {path}, which is not a file that can be read.")
    return path


def _month(name: str, default: str) -> str:
    """The month that the variable names, as YYYY-MM."""
    written = os.environ.get(name, default)
    try:
        return str(Month.parse(written))
    except BadMonth:
        raise ImproperlyConfigured(f"{name} must be a month like {default}.") from None


def _hours(name: str, default: str) -> tuple[time, time]:
    """The two times of one day that the variable names, as HH:MM-HH:MM."""
    written = os.environ.get(name, default)
    try:
        begin, end = (time.fromisoformat(each) for each in written.split("-"))
    except ValueError:
        begin = end = time()
    if not begin < end:
        raise ImproperlyConfigured(f"{name} must be two times of one day like {default}.")
    return begin, end


def _rupiah(name: str) -> int:
    """The whole number of rupiah that the variable names; 0 when it names none."""
    written = os.environ.get(name, "0")
    if not (written.isascii() and written.isdigit() and len(written) < 8):
        raise ImproperlyConfigured(f"{name} must be a whole number of rupiah.")
    return int(written)


def _doors(names: str) -> frozenset[str]:
    doors = frozenset(name.strip() for name in names.split(",") if name.strip())
    if not doors or doors - set(ALL_DOORS):
        raise ImproperlyConfigured(f"LUMBUNG_DOORS names some of {', '.join(ALL_DOORS)}, parted by commas.")
    return doors


def _scanner(place: str) -> str:
    if place and not re.fullmatch(r"unix:/.+|tcp:[^\s]+:\d+", place):
        raise ImproperlyConfigured(
            "LUMBUNG_CLAMD must look like unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310."
        )
    return place


DATABASES = {"default": _database(_required("DATABASE_URL"))}
SECRET_KEY = _required("LUMBUNG_SECRET_KEY")
LUMBUNG_FIELD_KEYS = _required("LUMBUNG_FIELD_KEYS")
LUMBUNG_INDEX_KEY = _required("LUMBUNG_INDEX_KEY")
# Papers: base64 of an Ed25519 key that signs, of older public keys, and of a PKCS#12 file for statements.
LUMBUNG_PAPER_KEY = _required("LUMBUNG_PAPER_KEY")
LUMBUNG_PAPER_OLD_KEYS = os.environ.get("LUMBUNG_PAPER_OLD_KEYS", "")
LUMBUNG_SIGNER = _required("LUMBUNG_SIGNER")
LUMBUNG_SIGNER_PASSWORD = os.environ.get("LUMBUNG_SIGNER_PASSWORD", "")
LUMBUNG_SMS_SECRET = os.environ.get("LUMBUNG_SMS_SECRET", "")
# Texts: the fund's short number, this server as the gateway reaches it, and Kannel as we reach it, as
# http://user:password@127.0.0.1:13013 (docs/operators/sms.md).
LUMBUNG_SMS_NUMBER = os.environ.get("LUMBUNG_SMS_NUMBER", "2757")
LUMBUNG_SMS_ENDPOINT = os.environ.get("LUMBUNG_SMS_ENDPOINT", "http://127.0.0.1:8000")
LUMBUNG_KANNEL_URL = os.environ.get("LUMBUNG_KANNEL_URL", "")
# The ways out for texts, as JSON or the name of a file that holds it (docs/operators/settings.md, "Gateways").
LUMBUNG_GATEWAYS = os.environ.get("LUMBUNG_GATEWAYS", "")
# What a monitoring system brings to /sms/metrics; without it that door is closed.
LUMBUNG_METRICS_SECRET = os.environ.get("LUMBUNG_METRICS_SECRET", "")
LUMBUNG_DEMO = os.environ.get("LUMBUNG_DEMO") == "1"
LUMBUNG_PUBLIC_URL = os.environ.get("LUMBUNG_PUBLIC_URL", "http://localhost:8000")
# What pages call this place, and a folder of the operator's own files (docs/operators/branding.md).
LUMBUNG_NAME = os.environ.get("LUMBUNG_NAME", "Lumbung")
LUMBUNG_BRAND = _folder("LUMBUNG_BRAND")
# Whether the members' pages can be installed as an app; "0" takes it away from those who have it, too.
LUMBUNG_APP = os.environ.get("LUMBUNG_APP", "1") != "0"
# How people reach the fund; shown on the help pages when set.
LUMBUNG_HELP_PHONE = os.environ.get("LUMBUNG_HELP_PHONE", "")
LUMBUNG_HELP_EMAIL = os.environ.get("LUMBUNG_HELP_EMAIL", "")
# While this file is there the doors are closed (`lumbung maintenance on`).
LUMBUNG_MAINTENANCE_FILE = str(maintenance_file())
# A member is active when one of this many last due months was paid (rules/files.md).
LUMBUNG_ACTIVE_MONTHS = 3
# The first contribution month that these books hold: what should have been paid before it is not asked.
LUMBUNG_BOOKS_SINCE = _month("LUMBUNG_BOOKS_SINCE", "2015-07")

DEBUG = False
_public = urlsplit(LUMBUNG_PUBLIC_URL)
SECURE = _public.scheme == "https"
# Evidence that members send: files in memory only, so many bytes a form; and who scans them for viruses, as
# unix:/run/clamav/clamd.ctl or tcp:host:port.
FILE_UPLOAD_HANDLERS = ["lumbung.config.uploads.BoundedUploads"]
LUMBUNG_MOST_UPLOAD = 45_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
LUMBUNG_CLAMD = _scanner(os.environ.get("LUMBUNG_CLAMD", ""))
ALLOWED_HOSTS = [_public.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]

# Which doors this process opens; the paths of the others answer 404. An operator may run the office by itself.
LUMBUNG_DOORS = _doors(os.environ.get("LUMBUNG_DOORS", ",".join(ALL_DOORS)))

INSTALLED_APPS = [
    # Before allauth, whose templates ours replace.
    "lumbung.portal",
    "lumbung.office",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.idp.oidc",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "lumbung.registry",
    "lumbung.ledger",
    "lumbung.messaging",
    "lumbung.accounts",
    "lumbung.publications",
    "lumbung.profiles",
    "lumbung.payments",
    "lumbung.billing",
    "lumbung.contributions",
    "lumbung.development",
    "lumbung.papers",
    "lumbung.casework",
    "lumbung.casework.evidence",
    "lumbung.broadcasts",
    "lumbung.notices",
    "lumbung.sms",
]

# Every view is closed to strangers unless it carries @login_not_required (deny by default).
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lumbung.config.policy.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lumbung.config.static.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lumbung.config.doors.DoorMiddleware",
    "lumbung.config.closed.MaintenanceMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lumbung.config.people.PeopleMiddleware",
    "lumbung.api.tokens.TokenMiddleware",
    "lumbung.api.app.gate.AppGate",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lumbung.office.second_factor.SecondFactorMiddleware",
    "lumbung.config.reach.NotReachableMiddleware",
]
SILENCED_SYSTEM_CHECKS = ["auth.E013"]  # it misses the AuthenticationMiddleware, which stands below
# What only doors with sessions have. Machines bring no cookies: there is no session to open and no form to forge.
LUMBUNG_PEOPLE_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lumbung.config.session_guard.SessionGuard",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "lumbung.config.read_only.ReadOnlyMiddleware",
]
ROOT_URLCONF = "lumbung.config.urls.member"
WSGI_APPLICATION = "lumbung.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
FORM_RENDERER = "lumbung.portal.forms.Renderer"
STATIC_URL = "/static/"
STATICFILES_DIRS = [("brand", LUMBUNG_BRAND)] if LUMBUNG_BRAND else []
WHITENOISE_USE_FINDERS = True  # served from the packages, no collecting step
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no page of others needs our files

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

PASSWORD_HASHERS = ["lumbung.accounts.passwords.hashers.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "lumbung.accounts.passwords.validators.PolicyValidator"}]
# A sorted file of passwords that were stolen somewhere (docs/operators/passwords.md).
LUMBUNG_BREACHED_PASSWORDS = _file("LUMBUNG_BREACHED_PASSWORDS")
AUTHENTICATION_BACKENDS = ["lumbung.accounts.backends.DoorBackend"]
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "lumbung.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email", "phone"}
# Our own form asks, and wants one of the two contacts (accounts.registration); allauth's checks want "email*".
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*", "username*", "password1*"]
ACCOUNT_USERNAME_VALIDATORS = "lumbung.accounts.usernames.validators"
ACCOUNT_PRESERVE_USERNAME_CASING = False
# Who must still confirm a contact is sent on by accounts.stages; an unconfirmed contact gets no codes.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # one e-mail address a user
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
# Codes: six digits, three tries, ten minutes (ASVS V6.5.4 and V6.5.5), alike by SMS and by e-mail.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {
    "login": "lumbung.accounts.forms.LoginForm",
    "request_login_code": "lumbung.accounts.forms.RequestCodeForm",
    "confirm_login_code": "lumbung.accounts.forms.ConfirmCodeForm",
    "reauthenticate": "lumbung.accounts.forms.ReauthenticateForm",
}
# Second factors. The seeds are sealed by our adapter; a passkey alone is both factors.
MFA_ADAPTER = "lumbung.accounts.second_factors.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # http://localhost of the demo
MFA_TOTP_ISSUER = "Lumbung"
MFA_TOTP_TOLERANCE = 1  # the code before and after too, for slow fingers and clocks; each once (factors.actions)
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a second contact that still waits is no reason to go without
MFA_FORMS = {
    "authenticate": "lumbung.accounts.factors.forms.AuthenticateForm",
    "activate_totp": "lumbung.accounts.factors.forms.AppForm",
    "deactivate_totp": "lumbung.accounts.factors.forms.RemoveForm",
    "add_webauthn": "lumbung.accounts.factors.forms.AddPasskeyForm",
    "edit_webauthn": "lumbung.accounts.factors.forms.NamePasskeyForm",
    "login_webauthn": "lumbung.accounts.factors.forms.LogInPasskeyForm",
}
USERSESSIONS_TRACK_ACTIVITY = False  # allauth would write with every request
# Counted in the database's cache, so across processes. Per name, five wrong passwords in five minutes or a hundred
# in a day close password log-in for that name; per address, ten a minute or five hundred a day. No other way in is
# closed by them. `token` is the programs' token endpoint.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/300s/key,100/d/key",
    "login_network": "500/d/ip",
    "token": "60/m/ip",
    # Papers cost a second of work each; checking one costs nothing but is open to everybody.
    "make_paper": "20/10m/user,100/d/user",
    "check_paper": "60/m/ip",
    # The law in public: its calculators, on pages and for programs.
    "law": "120/m/ip",
    # Codes for one contact, resent ones too: enough for who waits, too few to be a nuisance or a bill.
    "request_login_code": "20/m/ip,3/m/key,10/h/key,20/d/key",
    "change_username": "5/m/user",
    # Registering: tries to say who one is, per address, per member number and per NIK; tries of user names;
    # messages, per address and per contact; codes, per account (each session has its three tries besides).
    "register": "10/m/ip,100/h/ip",
    "register_number": "6/h/key,20/d/key",
    "register_nik": "6/h/key,20/d/key",
    "register_account": "20/h/ip",
    "register_send": "60/h/ip,1/60s/key,5/h/key,10/d/key",
    "register_code": "10/h/key",
    "register_link": "30/m/ip",
    "stop_mail": "60/m/ip",
    "join_number": "6/h/user,20/d/user",
    "open_record": "30/h/user,100/d/user",
    # Address, heirs and bank account: each change is told to every channel.
    "change_profile": "30/h/user",
    "lock": "10/h/user,30/d/user",
    "take_data": "5/h/user,20/d/user",
    "send_evidence": "10/h/user,30/d/user",
    # Requests that an officer must look at: disputes about wages, corrections.
    "send_request": "10/h/user,30/d/user",
    "push": "5/m/user,30/h/user",
    # Each code may be tried three times, whatever else is asked side by side. A name, phone or address brings ten
    # codes a day: with three spellings and six digits that is one chance in ten thousand a day.
    "confirm_code": "3/20m/key",
    "reset_password": "20/m/ip,5/10m/key,10/d/key",
    "send_username": "20/m/ip,3/10m/key,10/d/key",
    "change_contact": "5/10m/user,20/d/user",
    # The four facts, and an officer's code: by address, and by member number.
    "recovery_case": "10/m/ip,5/h/key",
    "recovery_code": "10/m/ip,10/h/key",
    "recovery_contact": "10/m/ip,6/h/key",
}
if LUMBUNG_DEMO and os.environ.get("LUMBUNG_AUDIT") == "1":  # `make audit` asks faster than people do
    ACCOUNT_RATE_LIMITS = {
        name: re.sub(r"(^|,)\d+/", r"\g<1>1000000/", rates)
        for name, rates in {**ACCOUNT_RATE_LIMITS, "login": "30/m/ip", "reauthenticate": "10/m/user"}.items()
    }
# Days in which what moves money waits after a change of phone, e-mail address or bank account.
LUMBUNG_COOLING_OFF_DAYS = int(os.environ.get("LUMBUNG_COOLING_OFF_DAYS", "7"))
# Days in which an account that was opened anew with an officer's code only shows.
LUMBUNG_READ_ONLY_DAYS = int(os.environ.get("LUMBUNG_READ_ONLY_DAYS", "7"))
# How many proxies of the operator's own stand before us: so many last entries of X-Forwarded-For are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("LUMBUNG_TRUSTED_PROXIES", "0"))
# Members' apps log in by allauth's headless flows (lumbung.api.app), with a token where browsers have a cookie.
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "lumbung.api.app.tokens.AppTokens"  # noqa: S105
# Programs: opaque tokens, of which the database keeps a hash; the key would sign tokens for people, later.
IDP_OIDC_PRIVATE_KEY = base64.b64decode(os.environ.get("LUMBUNG_OIDC_KEY", "")).decode()
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

# `config/doors.py` gives the session's and the CSRF's cookie a name and a path of its own at each door.
COOKIE_PREFIX = "__Host-" if SECURE else ""
# Codes and contacts wait in sessions, so their rows are sealed as a whole.
SESSION_SERIALIZER = "lumbung.config.session_seal.SealedSerializer"
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request
LUMBUNG_SESSION_LIMIT = 12 * 60 * 60  # seconds since log-in
# The same two on a computer that others use too, for who says so at log-in.
LUMBUNG_PUBLIC_SESSION_AGE = 5 * 60
LUMBUNG_PUBLIC_SESSION_LIMIT = 60 * 60
# A file in MaxMind's format (.mmdb) that knows in which town an address is; without one no town is named.
LUMBUNG_PLACES = os.environ.get("LUMBUNG_PLACES", "")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
CSRF_COOKIE_AGE = None  # until the browser closes, like the session
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}lumbung_language"
# Which device it is, for one who gets pushes there: a number that says nothing.
LUMBUNG_DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}lumbung_device"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "lumbung.config.refusals.csrf_failed"

SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
# Names below ours are covered as well (ASVS V3.4.1); an operator whose other names lie below ours says no.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE and os.environ.get("LUMBUNG_HSTS_SUBDOMAINS", "1") != "0"
# TLS ends before us; whoever ends it sets this header and removes one that came from outside.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = ["^sms/"]  # the gateway stands on the same machine or in the same private network
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SWITCHED_OFF = ["accelerometer", "camera", "geolocation", "gyroscope", "microphone", "midi", "payment", "usb"]
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in SWITCHED_OFF)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "lumbung_cache",
        "KEY_FUNCTION": "lumbung.config.cache_keys.sealed",
        # Past this many live entries some are dropped, rate limits among them: far above what an attacker's
        # allowed requests can make within the limits' few minutes.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Mail goes through our outbox to this server: smtp://user:password@host:587?tls=start (docs/operators/mail.md).
LUMBUNG_SMTP_URL = os.environ.get("LUMBUNG_SMTP_URL", "")
LUMBUNG_SMTP_CA_FILE = _file("LUMBUNG_SMTP_CA_FILE")
DEFAULT_FROM_EMAIL = os.environ.get(
    "LUMBUNG_MAIL_FROM", f"{LUMBUNG_NAME} <no-reply@{_public.hostname or 'localhost'}>"
)
if LUMBUNG_SMTP_URL:
    mail_server.read_url(LUMBUNG_SMTP_URL)
    mail_server.read_sender(DEFAULT_FROM_EMAIL)
if LUMBUNG_SMTP_CA_FILE:
    mail_server.check_authorities(LUMBUNG_SMTP_CA_FILE)

# Announcements by SMS: when they may reach people, by the fund's clock; and what one message costs in rupiah.
LUMBUNG_BROADCAST_HOURS = _hours("LUMBUNG_BROADCAST_HOURS", "08:00-20:00")
LUMBUNG_SMS_PRICE = _rupiah("LUMBUNG_SMS_PRICE")

# Pushes to browsers: our key (`lumbung push new-keys`), without which none are offered; whom a push service may
# write to about us; and the push services, by name, or as an origin of the operator's own network.
LUMBUNG_PUSH_KEY = os.environ.get("LUMBUNG_PUSH_KEY", "")
LUMBUNG_PUSH_CONTACT = LUMBUNG_PUBLIC_URL if SECURE else f"mailto:no-reply@{_public.hostname or 'localhost'}"
if LUMBUNG_HELP_EMAIL:
    LUMBUNG_PUSH_CONTACT = f"mailto:{LUMBUNG_HELP_EMAIL}"
LUMBUNG_PUSH_SERVICES = frozenset(
    os.environ.get(
        "LUMBUNG_PUSH_SERVICES",
        "fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
    ).split(",")
)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "actions"

# Django alone says nothing of its errors when DEBUG is off. A refused request is no news: its path stays out.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "lumbung.config.logs.Plain",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"wanted": {"()": "lumbung.config.logs.WantedOnly"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["wanted"]},
        "django.security.csrf": {"level": "ERROR"},
    },
}
logs.configure()
