"""Pages that look at everything."""

from django.urls import path

from desk import views

app_name = "desk"
urlpatterns = [
    path("day/", views.my_day, name="my_day"),
    path("search/", views.search, name="search"),
]
