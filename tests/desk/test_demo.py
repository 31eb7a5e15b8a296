from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count

from accounts.models import Account, Alert, BadNews, Contact, Promise, Task, Touch
from complaints.models import Complaint
from core.models import AuditEntry, Notification, OutgoingMail, User
from desk.demo.loader import load_demo
from desk.demo.people import SIGN_INS
from sla.models import Clock, Contract, Credit

SOFIA = ZoneInfo("Europe/Sofia")
WEDNESDAY = datetime(2026, 3, 11, 10, 0, tzinfo=SOFIA)
ROWS = [
    Account,
    Alert,
    AuditEntry,
    Clock,
    Complaint,
    Contact,
    Contract,
    Notification,
    Promise,
    Task,
    Touch,
    User,
]

pytestmark = pytest.mark.django_db


def counts():
    return {model.__name__: model.objects.count() for model in ROWS}


def local(moment):
    return moment.astimezone(SOFIA).strftime("%d %b %H:%M")


def test_the_demo_tells_its_stories_and_a_second_load_changes_nothing(sign_in):
    said = []
    assert load_demo(WEDNESDAY, said.append) is True
    first = counts()
    assert load_demo(WEDNESDAY, said.append) is False

    assert counts() == first
    assert first["Account"] == 8
    assert first["Complaint"] > 100
    lipa = Complaint.objects.get(account__name="Lipa Bakery", state="new")
    assert (lipa.priority, local(lipa.next_due_at)) == ("p2", "11 Mar 10:40")
    [kobza] = Promise.objects.filter(account__name="Kobza Media", kind="callback", state="open")
    assert local(kobza.due_at) == "10 Mar 18:00"
    late = Clock.objects.filter(account__name="Borea Logistics", metric="first_response")
    assert late.filter(state="missed").count() >= 2
    states = dict(Contract.objects.values_list("account__name", "state"))
    assert states == {
        "Borea Retail Group": "expiring",
        "Aster Schools": "expiring",
        "Halden Foods": "draft",
    }
    [credit] = Credit.objects.filter(state="proposed")
    assert (credit.account.name, credit.amount, credit.uncapped) == (
        "Borea Retail Group",
        Decimal("480.00"),
        Decimal("528.00"),
    )
    alerts = set(Alert.objects.standing().values_list("account__name", "kind", "level"))
    assert {
        ("Borea Logistics", "churn_risk", "red"),
        ("Sirin Hotels", "no_sla", "amber"),
        ("Aster Schools", "gone_quiet", "amber"),
    } <= alerts
    waiting = BadNews.objects.get(acknowledged_at=None)
    assert waiting.account.name == "Nimbus Clinics"
    parts = Account.objects.annotate(held=Count("complaints"), met=Count("contacts"))
    assert all(account.held and account.met for account in parts)
    assert not OutgoingMail.objects.filter(state="waiting").exists()
    for key in SIGN_INS:
        person = User.objects.get(email=f"{key}@tarpan.example")
        assert sign_in(person).get("/", follow=True).status_code == 200, key
