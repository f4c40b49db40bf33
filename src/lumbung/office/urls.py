"""The officers' addresses, under /office/."""

from django.urls import path

from lumbung.office import officer, records

app_name = "office"
urlpatterns = [
    path("", officer.home, name="home"),
    path("decided/", officer.decided, name="decided"),
    path("cases/<int:case_id>/", officer.case, name="case"),
    path("cases/<int:case_id>/open/", officer.read, name="open"),
    path("cases/<int:case_id>/decide/", officer.decide, name="decide"),
    path("cases/<int:case_id>/code/", officer.code, name="code"),
    path("records/", records.find, name="find"),
    path("records/<int:reading_id>/", records.record, name="record"),
    path("records/<int:reading_id>/joins/<int:join_id>/part/", records.part, name="part"),
]
