"""The addresses of papers, under the members' door."""

from django.urls import path

from lumbung.portal.papers import card, checking, statement

urlpatterns = [
    path("card/", card.card, name="card"),
    path("card/make/", card.make_card, name="make_card"),
    path("card/withdraw/", card.withdraw_card, name="withdraw_card"),
    path("card/<slug:language>/<slug:form>/", card.card_file, name="card_file"),
    path("statement/", statement.statement, name="statement"),
    path("statement/<int:year>/", statement.year, name="year"),
    path("verify/", checking.verify, name="verify"),
    path("keys/", checking.public_keys, name="keys"),
    path("keys/certificate.pem", checking.certificate_file, name="certificate"),
    path(".well-known/lumbung-keys.json", checking.key_set, name="key_set"),
]
