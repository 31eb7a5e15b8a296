"""What a head has to agree to stands in his day."""

from decimal import Decimal

import pytest

from accounts import services
from tests.factories import UserFactory

DAY = "/api/v1/day"


@pytest.fixture
def dine(account, now):
    """Return a function that logs a dinner above the limit."""

    def log(actor):
        fields = {"kind": "informal_meeting", "hospitality_value": Decimal("80.00")}
        return services.log_touch(
            actor=actor, account=account, summary="Dinner", fields=fields, now=now
        )

    return log


def duties(client):
    subjects = [row["subject"] for row in client.get(DAY).json()]
    return [subject["id"] for subject in subjects if subject["type"] == "hospitality"]


def test_a_dinner_above_the_limit_waits_for_a_head(rest, sign_in, manager, head, agent, dine):
    touch = dine(manager)

    assert duties(rest(head)) == [str(touch.pk)]
    assert duties(rest(manager)) == duties(rest(agent)) == []
    shown = sign_in(head).get("/day/", follow=True).content.decode()
    assert f"Agree to €80.00 a guest, or talk it over with {manager.name}" in shown


def test_a_head_is_not_asked_about_his_own(rest, head, dine):
    touch = dine(head)

    assert duties(rest(head)) == []
    assert duties(rest(UserFactory(roles=["hk"]))) == [str(touch.pk)]


def test_what_is_decided_waits_no_more(rest, manager, head, dine, now):
    services.approve_hospitality(actor=head, touch=dine(manager), now=now)

    assert duties(rest(head)) == []
