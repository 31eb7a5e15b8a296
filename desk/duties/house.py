"""What is due among ourselves: bad news, alerts, tasks, consents, credits."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.kinds import alert_kind, alert_says, task_kind, task_says
from accounts.models import Alert, BadNews, Task, Touch
from accounts.permissions import is_head
from accounts.queries import alert_list, bad_news_list, task_list, touch_list
from core.models import User
from core.wording import money_text
from desk.day import Concern
from desk.duties.row import MOST, Asked, Row
from sla.approvals import approvals_missing, may_give
from sla.models import Contract, Credit
from sla.queries import contract_list, credit_list


def bad_news_rows(asked: Asked) -> list[Row]:
    """Return a row for each piece of bad news that its manager has not seen, or not passed on."""
    rows = bad_news_list(asked.user).filter(
        asked.held_by("account__owner", "account__deputy") | _for_heads(asked)
    )
    waiting = rows.filter(Q(acknowledged_at=None) | Q(told_at=None, spared_because=""))
    return [_bad_news_row(news) for news in waiting.select_related("account__owner")[:MOST]]


def _for_heads(asked: Asked) -> Q:
    """Return what concerns every head, whose accounts they are notwithstanding."""
    return Q(acknowledged_at=None) if is_head(asked.user) else Q(pk__in=[])


def _bad_news_row(news: BadNews) -> Row:
    is_new = not news.is_acknowledged
    words = {"account": news.account.name}
    return Row(
        id=str(news.pk),
        concern=Concern.BURNING,
        due_at=news.ack_due_at,
        kind="bad_news",
        subject_id=news.pk,
        does=_("Bad news about %(account)s: read it") % words
        if is_new
        else _("Tell %(account)s the bad news") % words,
        why=_("Bad news must fly: seen within an hour, then told to the client."),
        account=news.account,
        who=news.account.owner.name,
        starts_at=news.reported_at,
        url=reverse("accounts:bad_news", args=[news.pk]),
        action=pgettext("button", "Open"),
        action_url=reverse("accounts:bad_news", args=[news.pk]),
    )


def alert_rows(asked: Asked) -> list[Row]:
    """Return a row for each alert that nobody has seen or put off."""
    rows = (
        alert_list(asked.user)
        .awake(asked.now)
        .filter(asked.held_by("assignee"), state=Alert.State.OPEN)
    )
    return [_alert_row(alert) for alert in rows.order_by("raised_at", "id")[:MOST]]


def _alert_row(alert: Alert) -> Row:
    page = reverse("accounts:alert", args=[alert.pk])
    return Row(
        id=str(alert.pk),
        concern=Concern.RISK,
        due_at=alert.raised_at,
        kind="alert",
        subject_id=alert.pk,
        does=alert_says(alert),
        why=str(alert_kind(alert.kind).label),
        account=alert.account,
        who=alert.assignee.name,
        starts_at=alert.raised_at,
        has_deadline=False,
        url=page,
        action=pgettext("button", "Open"),
        action_url=page,
    )


def task_rows(asked: Asked) -> list[Row]:
    """Return a row for each open task of the coming days."""
    rows = task_list(asked.user).open()
    return [
        _task_row(task)
        for task in rows.filter(asked.held_by("assignee"), due_at__lte=asked.until)[:MOST]
    ]


def _task_row(task: Task) -> Row:
    kind, page = task_kind(task.kind), reverse("accounts:task", args=[task.pk])
    form_url = kind.url(task)
    return Row(
        id=str(task.pk),
        concern=Concern.BURNING if kind.burns(task) else Concern.INTERNAL,
        due_at=task.due_at,
        kind="task",
        subject_id=task.pk,
        does=task_says(task),
        why=str(kind.label),
        account=task.account,
        who=task.assignee.name,
        starts_at=task.opened_at,
        url=page,
        action=pgettext("button", "Open") if form_url else _("Done"),
        action_url=form_url or reverse("accounts:finish_task", args=[task.pk]),
    )


def hospitality_rows(asked: Asked) -> list[Row]:
    """Return a row for each guest whom a head has to agree to; never one's own."""
    if not is_head(asked.user):
        return []
    waiting = touch_list(asked.user).filter(hospitality_state=Touch.Hospitality.WAITING)
    return [_hospitality_row(touch) for touch in waiting.exclude(by=asked.user)[:MOST]]


def _hospitality_row(touch: Touch) -> Row:
    page = reverse("accounts:touch", args=[touch.pk])
    spent = money_text(touch.hospitality_value or Decimal(0), touch.hospitality_currency)
    return Row(
        id=str(touch.pk),
        concern=Concern.INTERNAL,
        due_at=touch.created_at,
        kind="hospitality",
        subject_id=touch.pk,
        does=_("Agree to %(amount)s a guest, or talk it over with %(name)s")
        % {"amount": spent, "name": touch.by.name},
        why=_("Hospitality above the limit waits for you."),
        account=touch.account,
        who=touch.by.name,
        starts_at=touch.created_at,
        has_deadline=False,
        url=page,
        action=pgettext("button", "Open"),
        action_url=page,
    )


def contract_rows(asked: Asked) -> list[Row]:
    """Return a row for each draft that waits for the consent of one of these people."""
    drafts = contract_list(asked.user).filter(state=Contract.State.DRAFT)
    return [
        _contract_row(contract, asked)
        for contract in drafts.prefetch_related("approvals", "credit_bands")[:MOST]
        if _waits_for(asked.user, contract)
    ]


def _waits_for(user: User, contract: Contract) -> bool:
    is_own = contract.drafted_by_id in user.principals
    return not is_own and any(may_give(user, kind) for kind in approvals_missing(contract))


def _contract_row(contract: Contract, asked: Asked) -> Row:
    page = reverse("sla:detail", args=[contract.pk])
    return Row(
        id=contract.no,
        concern=Concern.INTERNAL,
        due_at=contract.updated_at,
        kind="sla_contract",
        subject_id=contract.pk,
        does=_("Consent to the SLA contract %(no)s, or talk it over") % {"no": contract.no},
        why=_("It goes beyond the house standard, so it waits for you."),
        account=contract.account,
        who=asked.user.name,
        starts_at=contract.updated_at,
        has_deadline=False,
        url=page,
        action=pgettext("button", "Open"),
        action_url=page,
    )


def credit_rows(asked: Asked) -> list[Row]:
    """Return a row for each credit to be approved by finance, or to be told to the client."""
    mine = Q(pk__in=[])
    if asked.user.has_role(User.Role.FINANCE):
        mine |= Q(state=Credit.State.PROPOSED)
    mine |= asked.held_by("account__owner") & Q(state=Credit.State.APPROVED)
    rows = credit_list(asked.user).filter(mine)
    return [_credit_row(credit) for credit in rows.select_related("account__owner")[:MOST]]


def _credit_row(credit: Credit) -> Row:
    page = reverse("sla:credit", args=[credit.pk])
    is_new = credit.state == Credit.State.PROPOSED
    words = {"account": credit.account.name, "amount": f"{credit.amount} {credit.currency}"}
    return Row(
        id=str(credit.pk),
        concern=Concern.INTERNAL,
        due_at=credit.approved_at or credit.created_at,
        kind="credit",
        subject_id=credit.pk,
        does=_("Approve the credit of %(amount)s to %(account)s") % words
        if is_new
        else _("Tell %(account)s of the credit of %(amount)s") % words,
        why=_("Promises of the month were missed; we credit it without being asked."),
        account=credit.account,
        who=credit.account.owner.name,
        starts_at=credit.created_at,
        has_deadline=False,
        url=page,
        action=pgettext("button", "Open"),
        action_url=page,
    )
