"""Pages of complaints. One name: the URL `complaints:resolve` is the verb `complaints.resolve`."""

from django.urls import include, path

from complaints.views import (
    callbacks,
    case,
    check,
    client_link,
    files,
    importing,
    insight,
    intake,
    lessons,
    mailboxes,
    moving,
    overrides,
    problems,
    queue,
    reviews,
    stakes,
    suppliers,
)
from complaints.views.actions import ACTIONS

app_name = "complaints"
urlpatterns = [
    path("", queue.index, name="index"),
    path("assign/", queue.assign_many, name="assign_many"),
    path("log/", intake.log, name="log"),
    path("log/preview/", intake.preview, name="preview"),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/<uuid:pk>/", mailboxes.mailbox, name="mailbox"),
    path("mailboxes/<uuid:pk>/retry/", mailboxes.retry_failed, name="retry_failed"),
    path("letters/<uuid:pk>/retry/", mailboxes.retry_letter, name="retry_letter"),
    path("import/", importing.check_import, name="check_import"),
    path("import/<uuid:pk>/", importing.detail, name="import"),
    path("import/<uuid:pk>/run/", importing.run_import, name="run_import"),
    path("import/<uuid:pk>/drop/", importing.drop_import, name="drop_import"),
    path("import/<uuid:pk>/errors/", importing.import_errors, name="import_errors"),
    path("insight/", insight.insight, name="insight"),
    path("insight/<slug:key>/", insight.insight_rows, name="insight_rows"),
    path("pressure/<uuid:pk>/", stakes.pressure, name="pressure"),
    path("meetings/<uuid:pk>/", stakes.hold_meeting, name="hold_meeting"),
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("<uuid:pk>/record-callback/", callbacks.record_callback, name="record_callback"),
    path("notices/", include("complaints.notice_urls")),
    path("overrides/", overrides.overrides, name="overrides"),
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("suppliers/add/", suppliers.add_supplier, name="add_supplier"),
    path("suppliers/<uuid:pk>/", suppliers.edit_supplier, name="edit_supplier"),
    path("suppliers/<uuid:pk>/archive/", suppliers.archive_supplier, name="archive_supplier"),
    path("suppliers/<uuid:pk>/restore/", suppliers.restore_supplier, name="restore_supplier"),
    path("lessons/", lessons.lessons, name="lessons"),
    path("lessons/stories/<uuid:pk>/", lessons.story, name="story"),
    path("lessons/stories/<uuid:pk>/archive/", lessons.archive_story, name="archive_story"),
    path("lessons/reviews/", reviews.reviews, name="reviews"),
    path("lessons/reviews/<uuid:pk>/", reviews.review, name="review"),
    path("lessons/reviews/<uuid:pk>/write/", reviews.write_review, name="write_review"),
    path("lessons/problems/", problems.problems, name="problems"),
    path("lessons/problems/open/", problems.open_problem, name="open_problem"),
    path("lessons/problems/<uuid:pk>/", problems.problem, name="problem"),
    path("lessons/problems/<uuid:pk>/edit/", problems.edit_problem, name="edit_problem"),
    path("lessons/problems/<uuid:pk>/solve/", problems.solve_problem, name="solve_problem"),
    path(
        "lessons/problems/<uuid:pk>/no-notice/", problems.decide_no_notice, name="decide_no_notice"
    ),
    path("<uuid:pk>/", case.detail, name="detail"),
    path("<uuid:pk>/move/", moving.move, name="move"),
    path("<uuid:pk>/check/", check.check_reply, name="check_reply"),
    path("<uuid:pk>/client-links/", client_link.client_links, name="client_links"),
    path("<uuid:pk>/files/<uuid:attachment_pk>/", files.attachment, name="attachment"),
    *(
        path(f"<uuid:pk>/{verb.replace('_', '-')}/", action.view, name=verb)
        for verb, action in ACTIONS.items()
    ),
]
