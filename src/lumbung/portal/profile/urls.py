"""The profile's addresses, under /profile/."""

from django.urls import path

from lumbung.portal.profile import views

urlpatterns = [
    path("", views.profile, name="profile"),
    path("address/", views.address, name="address"),
    path("heirs/", views.heirs, name="heirs"),
    path("heirs/add/", views.add_heir, name="add_heir"),
    path("heirs/<int:heir_id>/", views.heir, name="heir"),
    path("heirs/<int:heir_id>/remove/", views.remove_heir, name="remove_heir"),
    path("bank-account/", views.bank_account, name="bank_account"),
    path("bank-account/remove/", views.drop_bank_account, name="drop_bank_account"),
    path("language/", views.language, name="profile_language"),
]
