"""Ways back in, under the prefix of each door for people."""

from django.urls import path

from lumbung.accounts.recovery import views

urlpatterns = [
    path("recover/", views.hub, name="recover"),
    path("recover/nothing-arrives/", views.nothing_arrives, name="recover_nothing_arrives"),
    path("password/reset/", views.ask, name="account_reset_password"),
    path("password/reset/code/", views.code, name="account_reset_password_code"),
    path("password/reset/new/", views.new_password, name="account_reset_password_new"),
    path("password/reset/done/", views.done, name="account_reset_password_done"),
    path("username/forgotten/", views.username, name="forgotten_username"),
    path("username/forgotten/sent/", views.username_sent, name="forgotten_username_sent"),
]
