"""The client's own page. Whoever has the secret in the path needs no sign-in."""

from django.urls import path

from complaints.views import client
from complaints.views.client_steps import STEPS

app_name = "client"
urlpatterns = [
    path("<str:token>/", client.case, name="case"),
    path("<str:token>/files/<uuid:key>/", client.file, name="file"),
    *(
        path(f"<str:token>/{verb.replace('_', '-')}/", client.view_of(step), name=verb)
        for verb, step in STEPS.items()
    ),
]
