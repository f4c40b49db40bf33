"""Django's settings for the peer, django-hordak, in a database of its own on the same server."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

_URL = urlsplit(os.environ["PEER_DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _URL.path.lstrip("/"),
        "USER": unquote(_URL.username or ""),
        "PASSWORD": unquote(_URL.password or ""),
        "HOST": dict(parse_qsl(_URL.query))["host"],
    }
}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "mptt", "hordak"]
SECRET_KEY = "never used: nothing is signed here"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
DEFAULT_CURRENCY = HORDAK_INTERNAL_CURRENCY = "IDR"
HORDAK_CURRENCIES = CURRENCIES = ["IDR"]
