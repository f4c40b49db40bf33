"""The members' door."""

urlpatterns: list[object] = []
