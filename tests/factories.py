"""Rows for tests, valid and plain; a test names every value that matters to it."""

from datetime import UTC, date, datetime, timedelta

import factory
from django.contrib.contenttypes.models import ContentType

from accounts.models import (
    Account,
    Alert,
    AttitudeReading,
    BadNews,
    Contact,
    Holding,
    Task,
)
from accounts.models.holding import batch_key, item_key
from complaints.models import Complaint
from core.models import (
    AuditEntry,
    Calendar,
    CalendarVersion,
    Deputyship,
    Notification,
    SpecialDay,
    Team,
    User,
)
from core.text import fold, sort_key
from sla.models import Contract, Target

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""Monday noon in Sofia."""


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@kamerton.test")
    name = factory.Sequence(lambda n: f"Person {n}")
    roles = ("am",)


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Team {n}")

    @factory.post_generation
    def members(self, create, members):
        self.members.set(members or [])


class DeputyshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deputyship

    person = factory.SubFactory(UserFactory)
    deputy = factory.SubFactory(UserFactory)


class AuditEntryFactory(factory.django.DjangoModelFactory):
    """An entry about `target`, a row; by default about its own actor."""

    class Meta:
        model = AuditEntry
        exclude = ("target",)

    verb = "core.change_user"
    actor = factory.SubFactory(UserFactory)
    at = happened_at = NOON
    target = factory.SelfAttribute("actor")
    target_type = factory.LazyAttribute(lambda o: ContentType.objects.get_for_model(o.target))
    target_id = factory.SelfAttribute("target.pk")


class NotificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notification

    recipient = factory.SubFactory(UserFactory)
    entry = factory.SubFactory(AuditEntryFactory)
    created_at = NOON


NINE_TO_SIX = {str(day): [[9 * 3600, 18 * 3600]] for day in range(5)}


class CalendarFactory(factory.django.DjangoModelFactory):
    """Monday to Friday 09:00–18:00 in Sofia; `special` is {date: (name, hours)}."""

    class Meta:
        model = Calendar
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Calendar {n}")

    @factory.post_generation
    def special(self, create, special, zone="Europe/Sofia", week=None):
        version = CalendarVersion.objects.create(
            calendar=self, number=1, zone=zone, week=week or NINE_TO_SIX, created_at=NOON
        )
        SpecialDay.objects.bulk_create(
            SpecialDay(calendar_version=version, date=date, name=name, hours=hours)
            for date, (name, hours) in (special or {}).items()
        )
        self.current = version
        self.save()


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Account

    no = factory.Sequence(lambda n: f"ACC-{n:05d}")
    name = factory.Sequence(lambda n: f"Client {n}")
    stage = "client"
    client_since = date(2024, 1, 1)
    owner = factory.SubFactory(UserFactory)
    calendar = factory.SubFactory(CalendarFactory)
    parent = None
    ancestors = factory.LazyAttribute(
        lambda o: [*o.parent.ancestors, o.parent.pk] if o.parent else []
    )
    search_text = factory.LazyAttribute(lambda o: fold(f"{o.no} {o.name}"))
    sort_name = factory.LazyAttribute(lambda o: sort_key(o.name))


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    emails = factory.LazyAttribute(lambda o: [f"{fold(o.name).replace(' ', '.')}@client.example"])
    phones = ("+359 2 000 000",)
    search_text = factory.LazyAttribute(lambda o: fold(o.name))


class ContractFactory(factory.django.DjangoModelFactory):
    """A contract in force since 2026.

    targets -- {(priority, metric): minutes} or {(priority, category, metric): minutes}.
    """

    class Meta:
        model = Contract
        skip_postgeneration_save = True

    no = factory.Sequence(lambda n: f"SLA-2025-{n:05d}")
    account = factory.SubFactory(AccountFactory)
    calendar = factory.SelfAttribute("account.calendar")
    state = "active"
    sent_at = NOON
    starts_on = date(2026, 1, 1)

    @classmethod
    def _create(cls, model_class, *args, state, sent_at, **fields):
        contract = super()._create(model_class, *args, **fields)
        # What was sent is final: the row is a draft until it has its targets.
        if state != "draft":
            contract.state, contract.sent_at = state, sent_at
        return contract

    @factory.post_generation
    def targets(self, create, targets):
        chosen = targets or {("p2", "first_response"): 60, ("p2", "resolution"): 240}
        Target.objects.bulk_create(
            Target(
                contract=self, priority=priority, category="".join(category), metric=metric,
                minutes=minutes,
            )
            for (priority, *category, metric), minutes in chosen.items()
        )  # fmt: skip
        Contract.objects.filter(pk=self.pk).update(state=self.state, sent_at=self.sent_at)


class ComplaintFactory(factory.django.DjangoModelFactory):
    """The bare row of a P2 complaint, without clocks, messages or history."""

    class Meta:
        model = Complaint

    no = factory.Sequence(lambda n: f"CMP-2026-{n:05d}")
    account = factory.SubFactory(AccountFactory)
    received_at = first_known_at = NOON
    title = client_words = search_text = "The till prints no receipts."
    impact = urgency = 2
    priority = "p2"
    logged_by = factory.SubFactory(UserFactory, roles=["sa"])
    lead = factory.SelfAttribute("account.owner")


class AlertFactory(factory.django.DjangoModelFactory):
    """An open amber alert."""

    class Meta:
        model = Alert

    kind = "churn_risk"
    account = factory.SubFactory(AccountFactory)
    level = "amber"
    facts = factory.LazyAttribute(lambda o: {"misses": 1})
    assignee = factory.SelfAttribute("account.owner")
    raised_at = renewed_at = NOON


class TaskFactory(factory.django.DjangoModelFactory):
    """An own task, due in a day."""

    class Meta:
        model = Task

    account = factory.SubFactory(AccountFactory)
    title = factory.Sequence(lambda n: f"Task {n}")
    assignee = factory.SelfAttribute("account.owner")
    opened_at = NOON
    due_at = NOON + timedelta(days=1)


class BadNewsFactory(factory.django.DjangoModelFactory):
    """News of a support agent that nobody has acknowledged yet; due in an hour."""

    class Meta:
        model = BadNews

    account = factory.SubFactory(AccountFactory)
    what = "The shipment stands at the border."
    first_known_at = reported_at = NOON
    reported_by = factory.SubFactory(UserFactory, roles=["sa"])
    ack_due_at = NOON + timedelta(hours=1)


class AttitudeReadingFactory(factory.django.DjangoModelFactory):
    """A neutral reading of Monday noon."""

    class Meta:
        model = AttitudeReading

    contact = factory.SubFactory(ContactFactory)
    value = 0
    reason = "Listened, and said neither yes nor no."
    author = factory.SelfAttribute("contact.account.owner")
    at = NOON


class HoldingFactory(factory.django.DjangoModelFactory):
    """One power adapter of the batch PA-12/25 at a client."""

    class Meta:
        model = Holding

    item = "Power adapter"
    item_key = factory.LazyAttribute(lambda o: item_key(o.item))
    batch = "PA-12/25"
    batch_key = factory.LazyAttribute(lambda o: batch_key(o.batch))
    delivered_on = date(2026, 1, 15)
    account = factory.SubFactory(AccountFactory)
