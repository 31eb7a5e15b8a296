"""Calls after a notice in the day of whoever makes them."""

import pytest
from django.utils import timezone

from complaints import services
from core.timers import run_due
from desk.day import Bucket
from desk.duties import Asked, day_rows
from tests.complaints.notices import client, draft_of, hold

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("kind", "is_on_top"), [("safety", True), ("quality", False)])
def test_a_call_about_a_danger_burns_and_another_is_a_duty_among_ours(kind, is_on_top, people, now):
    account = client("Halden", owner=people["am"])
    account.contacts.update(emails=[])
    hold(account)
    draft = draft_of(people["sa"], kind=kind)
    notice = services.draft_notice(actor=people["te"], draft=draft, now=now)
    services.approve_notice(actor=people["hk"], notice=notice, now=now)
    if kind == "safety":
        services.approve_notice(actor=people["ex"], notice=notice, now=now)
    services.send_notice(actor=people["hk"], notice=notice, now=now)
    run_due(now)

    asked = Asked(user=people["am"], people=frozenset({people["am"].pk}), now=now)
    [row] = [row for row in day_rows(asked) if row.kind == "task"]

    ends = timezone.localtime(now).replace(hour=23, minute=59)
    assert (row.bucket(now, ends) == Bucket.BURNING) is is_on_top
    assert row.does == f"Call Halden: have they read the notice {notice.no}?"
    assert "/complaints/notices/recipients/" in row.action_url
