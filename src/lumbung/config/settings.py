"""Django's settings, all of them read from the environment; what is missing outside the demo stops the start."""

import base64
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from lumbung.config import logs

PACKAGE = Path(__file__).resolve().parent.parent
ALL_DOORS = ("member", "employer", "office", "api", "sms")


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
        # Hot reads are prepared on the server. Behind PgBouncer in transaction mode: ?prepare_threshold=0.
        "OPTIONS": {**query, "prepare_threshold": threshold or None},
    }


def _doors(names: str) -> frozenset[str]:
    doors = frozenset(name.strip() for name in names.split(",") if name.strip())
    if not doors or doors - set(ALL_DOORS):
        raise ImproperlyConfigured(f"LUMBUNG_DOORS names some of {', '.join(ALL_DOORS)}, parted by commas.")
    return doors


DATABASES = {"default": _database(_required("DATABASE_URL"))}
SECRET_KEY = _required("LUMBUNG_SECRET_KEY")
LUMBUNG_FIELD_KEYS = _required("LUMBUNG_FIELD_KEYS")
LUMBUNG_INDEX_KEY = _required("LUMBUNG_INDEX_KEY")
LUMBUNG_SMS_SECRET = os.environ.get("LUMBUNG_SMS_SECRET", "")
LUMBUNG_DEMO = os.environ.get("LUMBUNG_DEMO") == "1"
LUMBUNG_PUBLIC_URL = os.environ.get("LUMBUNG_PUBLIC_URL", "http://localhost:8000")
# A member is active when one of this many last due months was paid (rules/files.md).
LUMBUNG_ACTIVE_MONTHS = 3

DEBUG = False
_public = urlsplit(LUMBUNG_PUBLIC_URL)
SECURE = _public.scheme == "https"
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
    "allauth.idp.oidc",
    "procrastinate.contrib.django",
    "lumbung.registry",
    "lumbung.ledger",
    "lumbung.messaging",
    "lumbung.accounts",
    "lumbung.payments",
    "lumbung.billing",
    "lumbung.contributions",
    "lumbung.development",
    "lumbung.sms",
]

# Every view is closed to strangers unless it carries @login_not_required (deny by default).
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "lumbung.config.policy.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lumbung.config.doors.DoorMiddleware",
    "django.middleware.common.CommonMiddleware",
    "lumbung.config.people.PeopleMiddleware",
    "lumbung.api.tokens.TokenMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
SILENCED_SYSTEM_CHECKS = ["auth.E013"]  # it misses the AuthenticationMiddleware, which stands below
# What only doors with sessions have. Machines bring no cookies: there is no session to open and no form to forge.
LUMBUNG_PEOPLE_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lumbung.config.doors.SessionGuard",
    "django.contrib.messages.middleware.MessageMiddleware",
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
WHITENOISE_USE_FINDERS = True  # served from the packages, no collecting step

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# NIST SP 800-63B-4: 15 characters where the password is the only factor, a list of common ones, no other rules.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "email"]},
    },
]
AUTHENTICATION_BACKENDS = ["lumbung.accounts.backends.DoorBackend"]
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "lumbung.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USERNAME_VALIDATORS = "lumbung.accounts.usernames.validators"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
# Counted in the database's cache, so across processes. Per name, five wrong passwords in five minutes close
# password log-in for that name; per address, ten a minute. `token` is the programs' token endpoint.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key", "token": "60/m/ip"}
# How many proxies of the operator's own stand before us: so many last entries of X-Forwarded-For are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("LUMBUNG_TRUSTED_PROXIES", "0"))
# Programs: opaque tokens, of which the database keeps a hash; the key would sign tokens for people, later.
IDP_OIDC_PRIVATE_KEY = base64.b64decode(os.environ.get("LUMBUNG_OIDC_KEY", "")).decode()
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

# `config/doors.py` gives the session's and the CSRF's cookie a name and a path of its own at each door.
COOKIE_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_AGE = 30 * 60  # seconds without a request
LUMBUNG_SESSION_LIMIT = 12 * 60 * 60  # seconds since log-in
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
CSRF_COOKIE_AGE = None  # until the browser closes, like the session
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}lumbung_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "lumbung.config.refusals.csrf_failed"

SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other names of the operator's domain are not ours to decide
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
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
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
        # Past this many live entries some are dropped, rate limits among them: far above what an attacker's
        # allowed requests can make within the limits' few minutes.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

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
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.csrf": {"level": "ERROR"}},
}
logs.configure()
