"""The members' addresses, under /."""

from django.urls import include, path

from lumbung.portal import account, cases, contacts, dashboard, member, numbers, public, recovery, why

app_name = "portal"
urlpatterns = [
    path("", public.home, name="home"),
    path("announcements/", public.announcements, name="announcements"),
    path("announcements/<slug:notice>/", public.announcement, name="announcement"),
    path("forms/", public.forms, name="forms"),
    path("forms/<slug:form_name>/", public.form, name="form"),
    path("forms/<slug:form_name>/<slug:version>/", public.form_file, name="form_file"),
    path("help/", public.help_index, name="help"),
    path("help/<slug:topic>/", public.help_topic, name="help_topic"),
    path("security/", public.security, name="security"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("why/programme/<slug:code>/", why.programme, name="why_programme"),
    path("history/", member.history, name="history"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/join/", numbers.join, name="join_number"),
    path("numbers/tap/", numbers.tap, name="tap_number"),
    path("numbers/<int:join_id>/undo/", numbers.part, name="part_number"),
    path("register/", include("lumbung.portal.registration.urls")),
    path("account/contacts/", contacts.overview, name="contacts"),
    path("account/contacts/phone/", contacts.change_phone, name="contact_phone"),
    path("account/contacts/phone/office/", contacts.ask_officer, name="contact_office"),
    path("account/contacts/email/", contacts.change_email, name="contact_email"),
    path("account/contacts/code/", contacts.code, name="contact_code"),
    path("recover/phone/", recovery.phone_lost, name="recover_phone"),
    path("recover/email/", recovery.email_lost, name="recover_email"),
    path("recover/both/", recovery.both_lost, name="recover_both"),
    path("recover/both/sent/", recovery.both_lost_sent, name="recover_both_sent"),
    path("recover/officer-code/", recovery.officer_code, name="recover_code"),
    path("recover/contact/", recovery.contact, name="recover_contact"),
    path("recover/contact/code/", recovery.contact_code, name="recover_contact_code"),
    path("recover/new-start/", recovery.new_start, name="recover_password"),
    path("recover/done/", recovery.started_anew, name="recover_done"),
    path("account/", account.account, name="account"),
    path("account/requests/", cases.cases, name="cases"),
    path("account/requests/correction/", cases.correct, name="correct"),
    path("account/requests/<int:case_id>/withdraw/", cases.withdraw, name="withdraw_case"),
]
