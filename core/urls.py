"""Pages of the core. One name: the URL `core:edit_user` is the verb `core.edit_user`."""

from django.urls import include, path
from django.views.generic import RedirectView

from core.views import mail, notifications, people, profile, tokens, webhooks

app_name = "core"
profile_urls = [
    path("", profile.profile, name="profile"),
    path("edit/", profile.set_preferences, name="set_preferences"),
    path(
        "password/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="change_password",
    ),
    path("theme/", profile.set_theme, name="set_theme"),
    path("deputy/", profile.set_deputy, name="set_deputy"),
    path("tokens/new/", tokens.create_token, name="create_token"),
    path("tokens/<uuid:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
]
people_urls = [
    path("", people.people, name="people"),
    path("new/", people.create_user, name="create_user"),
    path("<uuid:pk>/", people.user, name="user"),
    path("<uuid:pk>/edit/", people.edit_user, name="edit_user"),
    path("<uuid:pk>/deactivate/", people.deactivate_user, name="deactivate_user"),
    path("<uuid:pk>/reactivate/", people.reactivate_user, name="reactivate_user"),
    path("<uuid:pk>/end-sessions/", people.end_sessions, name="end_sessions"),
    path("teams/new/", people.create_team, name="create_team"),
    path("teams/<uuid:pk>/edit/", people.edit_team, name="edit_team"),
]
webhook_urls = [
    path("", webhooks.webhooks, name="webhooks"),
    path("new/", webhooks.add_webhook, name="add_webhook"),
    path("<uuid:pk>/", webhooks.webhook, name="webhook"),
    path("<uuid:pk>/edit/", webhooks.edit_webhook, name="edit_webhook"),
    path("<uuid:pk>/rotate/", webhooks.rotate_webhook, name="rotate_webhook"),
    path("<uuid:pk>/disable/", webhooks.disable_webhook, name="disable_webhook"),
    path("<uuid:pk>/enable/", webhooks.enable_webhook, name="enable_webhook"),
    path("<uuid:pk>/try/", webhooks.try_webhook, name="try_webhook"),
    path("<uuid:pk>/retry/", webhooks.retry_webhook, name="retry_webhook"),
    path("deliveries/<uuid:pk>/resend/", webhooks.resend_webhook, name="resend_webhook"),
]
urlpatterns = [
    path("profile/", include(profile_urls)),
    path("people/", include(people_urls)),
    path("absences/", profile.absences, name="absences"),
    path("absences/<uuid:pk>/end/", profile.end_deputy, name="end_deputy"),
    path("mail/", mail.mail, name="mail"),
    path("mail/retry/", mail.retry_mail, name="retry_mail"),
    path("webhooks/", include(webhook_urls)),
]

notification_urls = (
    [
        path("", notifications.index, name="index"),
        path("bell/", notifications.bell, name="bell"),
        path("read-all/", notifications.read_all, name="read_all"),
        path("<uuid:pk>/read/", notifications.read, name="read"),
    ],
    "notifications",
)
