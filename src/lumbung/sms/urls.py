"""The gateways' door, under /sms/."""

from django.urls import path

from lumbung.sms import metrics, receipts, views

app_name = "sms"
urlpatterns = [
    path("inbound", views.receive, name="inbound"),
    path("inbound/<slug:gateway>", views.receive_from, name="inbound_from"),
    path("receipt", receipts.receive, name="receipt"),
    path("receipt/<slug:gateway>", receipts.receive_from, name="receipt_from"),
    path("metrics", metrics.metrics, name="metrics"),
]
