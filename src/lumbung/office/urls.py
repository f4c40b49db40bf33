"""The officers' addresses, under /office/."""

from django.urls import path

from lumbung.office import broadcasts, evidence, notices, officer, records, texts

app_name = "office"
urlpatterns = [
    path("", officer.home, name="home"),
    path("decided/", officer.decided, name="decided"),
    path("cases/<int:case_id>/", officer.case, name="case"),
    path("cases/<int:case_id>/pages/<int:position>/", evidence.page, name="evidence"),
    path("cases/<int:case_id>/open/", officer.read, name="open"),
    path("cases/<int:case_id>/decide/", officer.decide, name="decide"),
    path("cases/<int:case_id>/code/", officer.code, name="code"),
    path("records/", records.find, name="find"),
    path("records/<int:reading_id>/", records.record, name="record"),
    path("records/<int:reading_id>/lock/", records.lock, name="lock"),
    path("records/<int:reading_id>/joins/<int:join_id>/part/", records.part, name="part"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<slug:word>/", notices.notice, name="notice"),
    path("texts/", texts.overview, name="texts"),
    path("texts/form/<slug:name>/file/", texts.file, name="draft_file"),
    path("texts/announcement/<slug:name>/sms/", broadcasts.new, name="new_broadcast"),
    path("texts/<slug:kind>/", texts.new, name="new_text"),
    path("texts/<slug:kind>/<slug:name>/", texts.text, name="text"),
    path("texts/<slug:kind>/<slug:name>/preview/<slug:language>/", texts.preview, name="preview"),
    path("texts/<slug:kind>/<slug:name>/publish/", texts.publish, name="publish"),
    path("texts/<slug:kind>/<slug:name>/discard/", texts.discard, name="discard"),
    path("texts/<slug:kind>/<slug:name>/end/", texts.end, name="end"),
    path("texts/<slug:kind>/<slug:name>/version/", texts.version, name="version"),
    path("broadcasts/", broadcasts.overview, name="broadcasts"),
    path("broadcasts/<int:key>/", broadcasts.broadcast, name="broadcast"),
    path("broadcasts/<int:key>/begin/", broadcasts.begin, name="begin_broadcast"),
    path("broadcasts/<int:key>/pause/", broadcasts.pause, name="pause_broadcast"),
    path("broadcasts/<int:key>/resume/", broadcasts.resume, name="resume_broadcast"),
    path("broadcasts/<int:key>/stop/", broadcasts.stop, name="stop_broadcast"),
    path("broadcasts/<int:key>/discard/", broadcasts.discard, name="discard_broadcast"),
]
