"""Pages of notices, part of complaints.urls. One name: the URL is named by its verb."""

from django.urls import path

from complaints.views import notice_writing, notices, recipient

urlpatterns = [
    path("", notices.notices, name="notices"),
    path("draft/", notice_writing.draft_notice, name="draft_notice"),
    path("preview/", notice_writing.preview_notice, name="preview_notice"),
    path("exposure/", notice_writing.notice_exposure, name="notice_exposure"),
    path("<uuid:pk>/", notices.notice, name="notice"),
    path("<uuid:pk>/edit/", notice_writing.edit_notice, name="edit_notice"),
    path("<uuid:pk>/recipients/", recipient.notice_recipients, name="notice_recipients"),
    path("<uuid:pk>/calls/", recipient.notice_calls, name="notice_calls"),
    *(
        path(f"<uuid:pk>/{step.verb.partition('_')[0]}/", step.view, name=step.verb)
        for step in notices.STEPS
    ),
    path("recipients/<uuid:pk>/", recipient.recipient, name="recipient"),
    path(
        "recipients/<uuid:pk>/acknowledge/",
        recipient.acknowledge_recipient,
        name="acknowledge_recipient",
    ),
    path("recipients/<uuid:pk>/action/", recipient.record_action, name="record_action"),
    path("recipients/<uuid:pk>/try/", recipient.record_try, name="record_try"),
]
