"""Pages of complaints. One name: the URL `complaints:resolve` is the verb `complaints.resolve`."""

from django.urls import path

from complaints.views import callbacks, case, files, intake, queue
from complaints.views.actions import ACTIONS

app_name = "complaints"
urlpatterns = [
    path("", queue.index, name="index"),
    path("assign/", queue.assign_many, name="assign_many"),
    path("log/", intake.log, name="log"),
    path("log/preview/", intake.preview, name="preview"),
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("<uuid:pk>/", case.detail, name="detail"),
    path("<uuid:pk>/files/<uuid:attachment_pk>/", files.attachment, name="attachment"),
    *(
        path(f"<uuid:pk>/{verb.replace('_', '-')}/", action.view, name=verb)
        for verb, action in ACTIONS.items()
    ),
]
