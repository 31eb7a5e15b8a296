"""The administration pages: to look, not to change. They hold no client's business."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from core.models import (
    ApiToken,
    AuditEntry,
    Calendar,
    Deputyship,
    Heartbeat,
    OutgoingMail,
    Team,
    Timer,
    User,
)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows administrators the listed fields and nothing else; changes go through services."""

    show_full_result_count = False
    actions = None
    more: ClassVar[list[str]] = []
    """What the page of one row shows besides the columns of the list."""

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [*map(str, self.list_display), *self.more]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return isinstance(request.user, User) and request.user.has_role(User.Role.ADMINISTRATOR)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "role_names", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["name", "email"]
    more = ["language", "time_zone", "phone", "wants_mail", "version"]


@admin.register(Team)
class TeamAdmin(ReadOnlyAdmin):
    list_display = ["name"]
    more = ["members"]


@admin.register(Deputyship)
class DeputyshipAdmin(ReadOnlyAdmin):
    list_display = ["person", "deputy", "starts_on", "ends_on"]
    list_select_related = ["person", "deputy"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "scopes", "created", "expiry"]
    list_select_related = ["user"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what, when; values and reasons may be a client's business and stay away."""

    list_display = ["at", "verb", "actor", "on_behalf_of", "target_type", "label"]
    list_select_related = ["actor", "on_behalf_of", "target_type"]
    date_hierarchy = "at"
    search_fields = ["verb", "label"]
    ordering = ["-id"]
    more = ["target_id"]


@admin.register(Timer)
class TimerAdmin(ReadOnlyAdmin):
    list_display = ["kind", "step", "due_at", "fire_at", "fired_at", "attempts"]
    list_filter = ["kind"]
    ordering = ["fired_at", "fire_at", "id"]
    more = ["subject_id", "last_error"]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """The outbox without what the mails say."""

    list_display = ["to", "state", "attempts", "next_try_at", "sent_at"]
    list_filter = ["state"]
    ordering = ["-id"]
    more = ["last_error"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["name", "at"]


@admin.register(Calendar)
class CalendarAdmin(ReadOnlyAdmin):
    list_display = ["name", "country"]
