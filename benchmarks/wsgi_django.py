"""The same as Django views without any middleware, on Django's own persistent connection, statements prepared."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from benchmarks.wsgi_plain import READ, STORE
from lumbung import prepared
from lumbung.config import settings as ours

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {**ours.DATABASES["default"], "CONN_HEALTH_CHECKS": False}},
)


def read(request: HttpRequest, number: str) -> HttpResponse:
    rows = prepared.rows(READ, [number])
    return JsonResponse({"balance": rows and rows[0][0]})


def store(request: HttpRequest) -> HttpResponse:
    prepared.rows(f"{STORE} RETURNING id", [request.GET["id"], request.body])
    return HttpResponse(b"", content_type="text/plain")


urlpatterns = [path("read/<str:number>", read), path("text", store)]
application = get_wsgi_application()
