"""Reads that more than one caller needs, ready to render."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from accounts.kinds import CHURN_RISK
from accounts.loyal import Insider, WhomToCall, whom_to_call
from accounts.models import (
    Account,
    Alert,
    AttitudeReading,
    BadNews,
    Contact,
    Holding,
    Promise,
    Task,
    Touch,
)
from accounts.models.account import AccountQuerySet
from accounts.models.alert import AlertQuerySet
from accounts.models.attitude import AttitudeReadingQuerySet
from accounts.models.bad_news import BadNewsQuerySet
from accounts.models.contact import ContactQuerySet
from accounts.models.holding import HoldingQuerySet, batch_key, item_key
from accounts.models.promise import PromiseQuerySet
from accounts.models.task import TaskQuerySet
from accounts.models.touch import TouchQuerySet
from core.models import Calendar, Deputyship, User
from core.text import fold, sort_key

DUPLICATES = 5
MOST_FOUND = 7


def reads_cases(user: User) -> bool:
    """Say whether the person reads more of clients than their names; administrators do not."""
    return set(user.roles) != {User.Role.ADMINISTRATOR}


def account_list(user: User) -> AccountQuerySet:
    """Return the accounts the person may read, by name."""
    visible = Account.objects.visible_to(user).filter(archived_at=None)
    return visible.select_related("owner", "parent").order_by("sort_name", "id")


def sortable_account_list(user: User) -> AccountQuerySet:
    """Return the account list with next_promise_at, owner_name, tier_rank and stage_rank."""
    return account_list(user).annotate(
        next_promise_at=_next_promise(user),
        owner_name=F("owner__name"),
        tier_rank=_rank("tier", Account.Tier.values),
        stage_rank=_rank("stage", Account.Stage.values),
    )


def _next_promise(user: User) -> Combinable:
    moment = DateTimeField(null=True)
    if not reads_cases(user):
        return Value(None, output_field=moment)
    owed = Promise.objects.owed().filter(account=OuterRef("pk")).order_by("due_at")
    return Subquery(owed.values("due_at")[:1], output_field=moment)


def _rank(column: str, values: Iterable[str]) -> Case:
    return Case(
        *(When(**{column: value}, then=Value(rank)) for rank, value in enumerate(values)),
        default=Value(99),
    )


def account_detail(user: User) -> AccountQuerySet:
    visible = Account.objects.visible_to(user)
    return visible.select_related("owner", "deputy", "parent", "calendar__current")


def branch_of(account: Account, user: User) -> list[Account]:
    """Return the groups above, the account and what hangs below it, each after its parent."""
    members = Q(pk__in=account.lineage) | Q(ancestors__contains=[account.pk])
    rows = Account.objects.visible_to(user).filter(members, archived_at=None)
    found = list(rows.select_related("owner").order_by("sort_name", "id"))
    names = {row.pk: row.sort_name for row in found}
    return sorted(found, key=lambda row: [names.get(pk, "") for pk in reversed(row.lineage)])


def group_companies(account: Account) -> AccountQuerySet:
    """Return the companies of the account's group for which its people may work as well."""
    top = account.lineage[-1]
    group = Account.objects.filter(Q(pk=top) | Q(ancestors__contains=[top]))
    return group.exclude(pk=account.pk).order_by("sort_name", "id")


def contact_list(user: User) -> ContactQuerySet:
    return Contact.objects.visible_to(user).select_related("account").order_by("name", "id")


def stake_contact_list(user: User) -> ContactQuerySet:
    """Return the contacts with `in_stake`, and of those who are `attitude` and `read_at`.

    in_stake -- whether the person reads attitude and influence; only then they may be shown.
    """
    accounts = Account.objects.in_stake_of(user)
    works_for = Contact.also_at.through.objects.filter(contact=OuterRef("pk"), account__in=accounts)
    readable = Q(account__in=accounts) | Q(Exists(works_for))
    return contact_list(user).annotate(in_stake=_whether(readable), **_latest_reading())


def _latest_reading() -> dict[str, Subquery]:
    readings = AttitudeReading.objects.filter(contact=OuterRef("pk")).order_by("-at", "-id")
    return {
        "attitude": Subquery(readings.values("value")[:1]),
        "read_at": Subquery(readings.values("at")[:1]),
    }


def reading_list(user: User) -> AttitudeReadingQuerySet:
    """Return the readings of attitudes, newest first."""
    rows = AttitudeReading.objects.visible_to(user).select_related("contact", "author")
    return rows.order_by("-at", "-id")


def reads_stake(user: User, account: Account) -> bool:
    """Say whether the person reads attitudes, influence and what is really said there."""
    return Account.objects.in_stake_of(user).filter(pk=account.pk).exists()


def reads_cost(user: User, account: Account) -> bool:
    """Say whether the person reads what we earn with the account."""
    return Account.objects.in_cost_of(user).filter(pk=account.pk).exists()


def people_to_call(user: User, account: Account, now: datetime) -> WhomToCall | None:
    """Return whom to call first, in two queries; None for those who may not read STAKE."""
    if not reads_stake(user, account):
        return None
    talks = Touch.objects.filter(contacts=OuterRef("pk"), two_way=True, at__lte=now)
    people = Contact.objects.of(account).filter(state=Contact.State.ACTIVE)
    last_talk = Subquery(talks.order_by("-at").values("at")[:1])
    return whom_to_call(people.annotate(talked_at=last_talk, **_latest_reading()), now)


def insiders(user: User, account: Account, now: datetime) -> list[Insider]:
    """Return the loyal insiders, best first; nobody for those who may not read STAKE."""
    told = people_to_call(user, account, now)
    return told.loyal if told else []


def touch_list(user: User) -> TouchQuerySet:
    """Return the touches, newest first; `in_stake` says whether the person reads client_said."""
    rows = Touch.objects.visible_to(user).select_related("account", "by", "hospitality_by")
    rows = rows.annotate(in_stake=_in_stake(user))
    return rows.prefetch_related("contacts").order_by("-at", "-id")


def said_to(touch: Touch) -> str:
    """Return what the client really said of a touch from touch_list, empty if that is withheld."""
    return touch.client_said if touch.in_stake else ""  # type: ignore[attr-defined]  # annotated


def _in_stake(user: User) -> Combinable:
    return _whether(Q(account__in=Account.objects.in_stake_of(user)))


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(value=True)), default=Value(value=False))


def promise_list(user: User) -> PromiseQuerySet:
    rows = Promise.objects.visible_to(user).select_related("account", "contact", "made_by")
    return rows.order_by("due_at", "id")


def alert_list(user: User) -> AlertQuerySet:
    """Return the alerts, newest first."""
    rows = Alert.objects.visible_to(user).select_related("account", "assignee")
    return rows.order_by("-raised_at", "-id")


def task_list(user: User) -> TaskQuerySet:
    """Return the tasks, the one that is due first first."""
    rows = Task.objects.visible_to(user).select_related("account", "assignee")
    return rows.order_by("due_at", "id")


def standing(account: Account, kind: str) -> AlertQuerySet:
    """Return the account's standing alerts of a kind, one for each subject."""
    return Alert.objects.standing().filter(account=account, kind=kind)


def has_churn_risk(account: Account) -> bool:
    """Say whether the client is about to leave as far as we can see (E-1)."""
    return standing(account, CHURN_RISK).filter(level=Alert.Level.RED).exists()


def bad_news_list(user: User) -> BadNewsQuerySet:
    """Return the bad news the person may read; order by "is_settled", "-reported_at", "-id".

    is_settled -- 1 for what the manager knows and the client knows or need not, else 0.
    """
    settled = Q(acknowledged_at__isnull=False) & (Q(told_at__isnull=False) | ~Q(spared_because=""))
    rows = BadNews.objects.visible_to(user).select_related("account")
    return rows.annotate(is_settled=Case(When(settled, then=Value(1)), default=Value(0)))


def bad_news_detail(user: User) -> BadNewsQuerySet:
    rows = BadNews.objects.visible_to(user)
    return rows.select_related("account", "reported_by", "acknowledged_by", "told_by")


def holding_list(user: User) -> HoldingQuerySet:
    """Return what is held, the last delivery first."""
    rows = Holding.objects.visible_to(user).select_related("account", "reseller")
    return rows.order_by("-delivered_on", "-id")


def holders_of(batch: str = "", item: str = "") -> HoldingQuerySet:
    """Return what has not come back and is of the batch or item, in any case and spacing.

    With both: the batch, and those of the item whose batch nobody has noted. Whoever may hold it
    is named; who reads it is for the caller to decide.
    """
    code, name = batch_key(batch), item_key(item)
    if not (code or name):
        return Holding.objects.none()
    of_item = Q(item_key=name) if name else Q(pk__in=[])
    wanted = Q(batch_key=code) | (of_item & Q(batch_key="")) if code else of_item
    rows = Holding.objects.standing().filter(wanted).select_related("account", "reseller")
    return rows.order_by("delivered_on", "id")


def usual_calendar() -> Calendar | None:
    """Return the calendar that a new account gets unless said otherwise."""
    return Calendar.objects.exclude(current=None).order_by("name").first()


def accounts_found(user: User, words: str) -> list[Account]:
    """Return the few accounts that the words most likely mean; those that start so come first."""
    if not words.strip():
        return []
    found: AccountQuerySet = account_list(user).matching(words)
    starts = Q(sort_name__startswith=sort_key(words.strip()))
    return list(found.alias(starts=starts).order_by("-starts", "sort_name", "id")[:MOST_FOUND])


def likely_duplicates(user: User, name: str) -> AccountQuerySet:
    """Return up to five accounts whose name is in, or nearly is, this one; none for no name."""
    if not fold(name):
        return Account.objects.none()
    return account_list(user).matching(name)[:DUPLICATES]


def with_deputies(people: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return, for each person, himself and whoever stands in for him today."""
    answer = {person: {person} for person in people}
    absent = Deputyship.objects.current().filter(person__in=answer)
    for person, deputy in absent.values_list("person_id", "deputy_id"):
        answer[person].add(deputy)
    return answer
