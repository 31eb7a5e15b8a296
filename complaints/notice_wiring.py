"""What notices tell the apps below when the server starts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.hearers import heads, widen
from accounts.kinds import TaskKind, add_task_kind
from accounts.models import Task
from complaints import notice_firing as firing
from complaints.models import Notice, Recipient
from complaints.permissions import works_here
from complaints.services.recipient import TRY_OUTCOMES
from core.access import word_fact
from core.announcements import Hearers, announce
from core.models import AuditEntry, User
from core.nav import Place, add_place
from core.places import place
from core.timers import handle


def _call_says(task: Task) -> str:
    words = {"account": task.account.name, "notice": task.facts["notice"]}
    if task.facts["end_user"]:
        return _("Call somebody who has it through %(account)s: notice %(notice)s") % words
    return _("Call %(account)s: have they read the notice %(notice)s?") % words


def _call_url(task: Task) -> str:
    return reverse("complaints:recipient", args=[task.subject_id])


def _notices(entries: Iterable[AuditEntry]) -> dict[UUID, Notice]:
    return Notice.objects.in_bulk({entry.target_id for entry in entries})


def approvers(entries: list[AuditEntry]) -> Hearers:
    """Return whose yes is awaited: the heads, for safety the executives as well."""
    notices, everywhere = _notices(entries), heads()
    executives = set(User.objects.in_role(User.Role.EXECUTIVE).values_list("pk", flat=True))
    return widen(
        {
            entry.pk: everywhere
            | (executives if notices[entry.target_id].kind == Notice.Kind.SAFETY else set())
            for entry in entries
        }
    )


def answerable(entries: list[AuditEntry]) -> Hearers:
    """Return who wrote it, and whom its readers may ask."""
    notices = _notices(entries)
    return widen(
        {
            entry.pk: {notices[entry.target_id].author_id, notices[entry.target_id].contact_id}
            for entry in entries
        }
    )


def asked(entries: list[AuditEntry]) -> Hearers:
    """Return the colleague to whom a recipient wrote."""
    ids = {entry.target_id for entry in entries}
    rows = Recipient.objects.filter(pk__in=ids).values_list("pk", "notice__contact")
    contacts = dict(rows)
    return widen({entry.pk: {contacts[entry.target_id]} for entry in entries})


def speak() -> None:
    """Tell timers, words, hearers and places. Call it from AppConfig.ready."""
    handle(firing.LETTER, firing.fire_letters)
    handle(firing.DELIVERY, firing.fire_deliveries)
    handle(firing.CALL, firing.fire_calls)
    word_fact("tried", lambda outcome: TRY_OUTCOMES.get(outcome, outcome))
    word_fact("letter", lambda state: dict(Recipient.State.choices).get(state, state))
    add_task_kind(
        TaskKind(
            key=firing.NOTICE_CALL,
            label=gettext_lazy("Call about a notice"),
            says=_call_says,
            url=_call_url,
            burns=lambda task: bool(task.facts.get("safety")),
        )
    )
    for verb in ("draft_notice", "edit_notice"):
        announce(f"complaints.{verb}", approvers)
    for verb in ("approve_notice", "send_notice", "finish_sending", "close_notice"):
        announce(f"complaints.{verb}", answerable)
    announce("complaints.comment_notice", asked)
    place(Notice, "complaints:notice")
    place(Recipient, "complaints:recipient")
    add_place(
        Place(
            order=27,
            label=gettext_lazy("Notices"),
            url_name="complaints:notices",
            icon="speakerphone",
            shown_to=works_here,
            hotkey="g n",
        )
    )
