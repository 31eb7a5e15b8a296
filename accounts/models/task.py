"""Duties among ourselves that no other row stands for."""

from __future__ import annotations

from datetime import datetime

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from core.models import Row, User


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> TaskQuerySet:
        """Return the tasks about accounts the person may read, except to administrators.

        Programs speak to clients, and this is internal.
        """
        if set(user.roles) <= {User.Role.ADMINISTRATOR, User.Role.API_CLIENT}:
            return self.none()
        return self.filter(account__in=Account.objects.visible_to(user))

    def open(self) -> TaskQuerySet:
        return self.filter(state=Task.State.OPEN)


class Task(Row):
    """One thing to do for an account by a moment.

    kind  -- who asks for it: a rule such as "renewal_talk", or "own" for one written by a person.
    title -- only of an own task; those of rules are worded by their kind from `facts`.
    """

    OWN = "own"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("No longer needed")

    kind = models.CharField(_("kind"), max_length=24, default=OWN)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="tasks", verbose_name=_("account")
    )
    subject_type = models.ForeignKey(ContentType, models.PROTECT, null=True, related_name="+")
    subject_id = models.UUIDField(null=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    title = models.CharField(_("what to do"), max_length=250, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    assignee = models.ForeignKey(
        User, models.PROTECT, related_name="tasks", verbose_name=_("who does it")
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)

    objects = TaskQuerySet.as_manager()
    audit_hides = frozenset({"title", "outcome"})

    class Meta:
        verbose_name, verbose_name_plural = _("task"), _("tasks")
        indexes = [
            models.Index(
                fields=["assignee", "due_at"], condition=Q(state="open"), name="task_open"
            ),
            models.Index(fields=["account", "due_at"], name="task_by_account"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "account", "subject_id"],
                condition=Q(state="open") & ~Q(kind="own"),
                nulls_distinct=False,
                name="one_open_task_per_rule",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="ended_task_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(kind="own") | ~Q(title=""), name="own_task_has_a_title"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(outcome=""), name="cancelled_task_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at < now

    @property
    def audit_label(self) -> str:
        return self.account.name
