"""The addresses of the law in public, under /law/."""

from django.urls import path

from lumbung.portal.law import views

urlpatterns = [
    path("", views.index, name="law"),
    path("contribution/", views.calculator, {"name": "contribution"}, name="law_contribution"),
    path("own-work/", views.calculator, {"name": "own_work"}, name="law_own_work"),
    path("old-age/", views.calculator, {"name": "old_age"}, name="law_old_age"),
    path("pension/", views.calculator, {"name": "pension"}, name="law_pension"),
    path("parameters/", views.parameters, name="law_parameters"),
    path("parameters/<slug:parameter>/", views.parameter, name="law_parameter"),
]
