"""A user's own phone and e-mail address."""

from django.urls import path

from lumbung.accounts.contacts import views

urlpatterns = [
    path("account/contacts/", views.overview, name="account_contacts"),
    path("account/contacts/phone/", views.change_phone, name="account_contact_phone"),
    path("account/contacts/email/", views.change_email, name="account_contact_email"),
    path("account/contacts/code/", views.code, name="account_contact_code"),
]
