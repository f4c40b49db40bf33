"""The same as Django views without any middleware, on Django's own persistent connection."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from benchmarks.wsgi_plain import READ, STORE
from lumbung.config import settings as ours

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {**ours.DATABASES["default"], "CONN_HEALTH_CHECKS": False}},
)


def read(request: HttpRequest, number: str) -> HttpResponse:
    with connection.cursor() as cursor:
        row = cursor.execute(READ, [number]).fetchone()
    return JsonResponse({"balance": row and row[0]})


def store(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(STORE, [request.GET["id"], request.body])
    return HttpResponse(b"", content_type="text/plain")


urlpatterns = [path("read/<str:number>", read), path("text", store)]
application = get_wsgi_application()
