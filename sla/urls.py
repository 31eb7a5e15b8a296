"""Pages of service levels. One name: the URL `sla:end` is the verb `sla.end`."""

from django.urls import path

from sla.views import clock, contract

app_name = "sla"
urlpatterns = [
    path("", contract.index, name="index"),
    path("house/", contract.house, name="house"),
    path("new/", contract.choose_account, name="choose_account"),
    path("new/<uuid:pk>/", contract.draft, name="draft"),
    path("<uuid:pk>/", contract.detail, name="detail"),
    path("<uuid:pk>/edit/", contract.edit, name="edit"),
    path("<uuid:pk>/activate/", contract.activate, name="activate"),
    path("<uuid:pk>/end/", contract.end, name="end"),
    path("clocks/<uuid:pk>/", clock.explain, name="explain"),
]
