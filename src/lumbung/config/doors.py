"""The doors: which paths belong to which kind of user, and which cookies count there."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, QueryDict, UnreadablePostError
from django.urls import set_urlconf
from django.utils import timezone

Next = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: a path prefix, its own urlconf, the one kind of user it accepts (None: machines with secrets
    of their own), and the name of the page to come to after log-in (None: nobody logs in here)."""

    name: str
    prefix: str
    kind: str | None = None
    home: str | None = None

    @property
    def urlconf(self) -> str:
        return f"lumbung.config.urls.{self.name}"

    @property
    def has_sessions(self) -> bool:
        return self.home is not None

    @property
    def cookie_path(self) -> str:
        """A `__Host-` cookie must have the path /; plain names keep to their door."""
        return "/" if settings.SECURE else self.prefix

    @property
    def cookie_names(self) -> Mapping[str, str]:
        """Django's name for a cookie → the name it has in the browser at this door."""
        name = f"{settings.COOKIE_PREFIX}lumbung_{self.name}"
        return {settings.SESSION_COOKIE_NAME: name, settings.CSRF_COOKIE_NAME: f"{name}_csrf"}

    def holds(self, path: str) -> bool:
        return path.startswith(self.prefix) or path == self.prefix.rstrip("/")


MEMBER = Door("member", "/", kind="member", home="portal:dashboard")
DOORS = (
    Door("employer", "/employer/", kind="employer", home="portal:employer_home"),
    Door("office", "/office/", kind="officer", home="office:home"),
    Door("app", "/api/v1/me/", kind="member"),  # below the programs' prefix, so it comes first
    Door("api", "/api/", kind="program"),
    Door("sms", "/sms/"),
    MEMBER,  # the prefix of all others, so it comes last
)


def door_of(path: str) -> Door:
    """The door that a path belongs to, whether or not this process serves it.

    The one path without a slash, the `*` of `OPTIONS *`, counts as the member's, where it is not found.
    """
    return next((door for door in DOORS if door.holds(path)), MEMBER)


class DoorMiddleware:
    """Sends a request to its door and shows it that door's cookies only.

    The rest of Django knows one session cookie and one CSRF cookie. Here they are given the door's names on the
    way out, and on the way in only the cookies with the door's names are handed on: those of another door, or
    with Django's own names, are never read.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = door_of(request.path_info)
        if door.name not in settings.LUMBUNG_DOORS:
            return HttpResponseNotFound("Not found.\n", content_type="text/plain")
        request.door = door  # type: ignore[attr-defined]
        request.now = timezone.now()  # type: ignore[attr-defined]  # for what allauth calls without an instant
        request.urlconf = door.urlconf
        set_urlconf(door.urlconf)
        request.COOKIES = self._cookies_in(door, request.COOKIES)
        response = self.get_response(request)
        self._rename_cookies_out(door, response)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    def process_view(self, request: HttpRequest, view: Next, args: object, kwargs: object) -> None:
        """No text in PostgreSQL may hold a NUL, and none that we ask for does: refused before it gets there."""
        if request.door.name == "sms":  # type: ignore[attr-defined]
            return  # which refuses in words for the gateway's log
        texts = [request.path_info, *_texts(request.GET)]
        if not getattr(view, "csrf_exempt", False):  # elsewhere the view itself chooses how its body is read
            with suppress(UnreadablePostError):  # as in Django's CSRF check, which reads it next
                texts += _texts(request.POST)
        if any("\0" in text for text in texts):
            raise BadRequest("A NUL was sent.")

    def _cookies_in(self, door: Door, cookies: Mapping[str, str]) -> dict[str, str]:
        if not door.has_sessions:
            return {}
        names = {ours: django for django, ours in door.cookie_names.items()}
        for name in (settings.LANGUAGE_COOKIE_NAME, settings.LUMBUNG_DEVICE_COOKIE_NAME):
            names[name] = name
        return {names[name]: value for name, value in cookies.items() if name in names and "\0" not in value}

    def _rename_cookies_out(self, door: Door, response: HttpResponse) -> None:
        if not door.has_sessions:
            response.cookies.clear()
        for django, ours in door.cookie_names.items():
            cookie = response.cookies.pop(django, None)
            if cookie is not None:
                response.cookies[ours] = cookie.value
                response.cookies[ours].update(cookie)
                response.cookies[ours]["path"] = door.cookie_path
                if settings.SECURE:
                    response.cookies[ours]["secure"] = True


def _texts(sent: QueryDict) -> list[str]:
    return [text for name, values in sent.lists() for text in (name, *values)]
