import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Contact, Holding, Task
from complaints import services
from complaints.exposure import exposure
from complaints.models import Notice, Recipient
from core.timers import run_due
from tests.complaints.notices import BATCH, ITEM, draft_of
from tests.factories import NOON, ContactFactory, HoldingFactory, UserFactory

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]
FEW, MANY = 1_000, 4_000


def deliver(accounts, start, count):
    """Make deliveries: half to accounts with a contact, half to end users of theirs."""
    rows = []
    for number in range(start, start + count):
        account = accounts[number % len(accounts)]
        given = {"account": account}
        if number % 2:
            given = {"account": None, "reseller": account, "holder_name": f"Person {number}",
                     "holder_email": f"person{number}@home.example"}  # fmt: skip
        rows.append(HoldingFactory.build(item=ITEM, batch=BATCH, **given))
    Holding.objects.bulk_create(rows, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def notice():
    return Notice(kind="safety", item=ITEM, batch=BATCH)


def queries(function):
    with CaptureQueriesContext(connection) as captured:
        function()
    return len(captured)


def test_who_is_affected_takes_as_many_queries_for_4000_deliveries_as_for_1000(
    crowd, measure, report
):
    _agent, accounts = crowd
    Contact.objects.bulk_create(ContactFactory.build(account=each) for each in accounts)
    deliver(accounts, 0, FEW)
    few, few_queries = (
        measure(lambda: exposure(notice()), times=5),
        queries(lambda: exposure(notice())),
    )
    deliver(accounts, FEW, MANY - FEW)
    many, many_queries = (
        measure(lambda: exposure(notice()), times=5), queries(lambda: exposure(notice())),
    )  # fmt: skip

    report("who is affected, 1,000 deliveries", f"{few * 1000:.0f} ms, {few_queries} queries")
    report("who is affected, 4,000 deliveries", f"{many * 1000:.0f} ms, {many_queries} queries")
    assert many_queries == few_queries == 3
    assert many <= few * (MANY / FEW) * 3


def test_one_worker_writes_300_letters_a_second(crowd, report):
    _agent, accounts = crowd
    Contact.objects.bulk_create(ContactFactory.build(account=each) for each in accounts)
    people = {role: UserFactory(roles=[role]) for role in ("am", "te", "hk")}
    deliver(accounts, 0, MANY)
    draft = draft_of(people["am"], kind="quality")
    made = services.draft_notice(actor=people["te"], draft=draft, now=NOON)
    services.approve_notice(actor=people["hk"], notice=made, now=NOON)
    begun = time.perf_counter()
    services.send_notice(actor=people["am"], notice=made, now=NOON)
    frozen = time.perf_counter()
    letters = Recipient.objects.exclude(email="").count()

    run_due(NOON)

    spent = time.perf_counter() - frozen
    report("recipients frozen", f"{Recipient.objects.count()} in {frozen - begun:.1f} s")
    report("letters a second, with history", f"{letters / spent:.0f}")
    assert letters / spent >= 300


def test_a_thousand_calls_are_given_in_one_go(crowd, report):
    _agent, accounts = crowd
    people = {role: UserFactory(roles=[role]) for role in ("am", "te", "hk")}
    deliver(accounts, 0, FEW)
    Holding.objects.update(holder_email="")
    draft = draft_of(people["am"], kind="quality")
    made = services.draft_notice(actor=people["te"], draft=draft, now=NOON)
    services.approve_notice(actor=people["hk"], notice=made, now=NOON)
    services.send_notice(actor=people["am"], notice=made, now=NOON)
    begun = time.perf_counter()

    run_due(NOON)

    given = Task.objects.open().filter(kind="notice_call").count()
    spent = time.perf_counter() - begun
    report("calls given a second, with history and notifications", f"{given / spent:.0f}")
    assert given == Recipient.objects.count() == FEW // 2 + len(accounts) // 2
    assert given / spent >= 200
