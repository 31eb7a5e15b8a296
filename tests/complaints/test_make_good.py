from datetime import timedelta
from decimal import Decimal

import pytest

from accounts import services as accounts
from complaints import services
from complaints.guards import warnings_of
from complaints.models import MakeGood
from complaints.recovery import make_good_of, recovery_of
from complaints.services.conversation import EmptyMessage
from complaints.services.make_good import PlusHasNoName
from complaints.services.prevention import PreventionDone, PreventionMissing
from complaints.services.remedy import LimitExceeded
from core.errors import InvalidTransition


@pytest.fixture
def valued(log, account, manager, head, now):
    """A complaint about 2,400.00 of a client who brings 18,000.00 a year: the plus is 120.00."""
    accounts.set_annual_margin(actor=head, account=account, annual_margin=Decimal(18000), now=now)
    return log(disputed_value=Decimal(2400))


@pytest.fixture
def offer(valued, now):
    """Return a function that offers a new cutter and paper."""

    def offer_one(actor, plus_cost="120.00", **given):
        told = {"base": "A new cutter", "base_cost": Decimal(300), "plus": "Paper for a month"}
        return services.offer_make_good(
            actor=actor, complaint=valued, plus_cost=Decimal(plus_cost), now=now, **told | given
        )

    return offer_one


def test_within_the_suggestion_the_account_manager_agrees_at_once(offer, manager, now):
    good = offer(manager)

    assert (good.state, good.agreed_by, good.suggested) == ("agreed", manager, 120)
    assert good.voluntary


@pytest.mark.parametrize(
    ("who", "cost", "decides"),
    [
        ("sa", "10.00", "am"), ("am", "120.01", "hk"), ("am", "2000.01", "ex"),
        ("hk", "2000.01", "ex"),
    ],
)  # fmt: skip
def test_more_than_one_may_agree_to_waits_for_who_may(
    offer, valued, people, now, who, cost, decides
):
    good = offer(people[who], cost)
    assert good.state == "proposed"
    if who != "sa":
        with pytest.raises(LimitExceeded) as refusal:
            services.agree_make_good(actor=people[who], complaint=valued, now=now)
        assert refusal.value.facts == {"decides": [decides]}

    agreed = services.agree_make_good(actor=people[decides], complaint=valued, now=now)

    assert (agreed.state, agreed.agreed_by) == ("agreed", people[decides])


def test_what_was_demanded_before_is_no_gift(offer, valued, agent, manager, now):
    services.record_remedy(
        actor=agent, complaint=valued, client_text="Paper for a whole month, at least!", now=now
    )

    assert offer(manager).voluntary is False
    assert offer(manager, plus="A visit of our trainer").voluntary is True
    assert offer(manager, plus="A visit of our trainer", voluntary=False).voluntary is False


def test_what_was_demanded_under_pressure_is_no_gift_either(offer, valued, manager, now):
    services.name_tactics(
        actor=manager, complaint=valued, tactics=["free_extras"],
        words="Paper for a month, or we leave", now=now,
    )  # fmt: skip

    assert offer(manager).voluntary is False


def test_offering_again_starts_over_until_it_is_delivered(offer, valued, manager, agent, now):
    offer(manager)
    again = offer(agent, "50.00")
    state = again.state
    services.agree_make_good(actor=manager, complaint=valued, now=now)

    good = services.deliver_make_good(actor=agent, complaint=valued, now=now + timedelta(days=1))

    assert (state, good.state) == ("proposed", "delivered")
    assert good.delivered_at == now + timedelta(days=1)
    with pytest.raises(InvalidTransition):
        offer(manager)


@pytest.mark.parametrize("step", ["agree_make_good", "deliver_make_good"])
def test_nothing_is_agreed_or_delivered_before_it_is_offered(valued, head, now, step):
    with pytest.raises(InvalidTransition) as refusal:
        getattr(services, step)(actor=head, complaint=valued, now=now)

    assert refusal.value.facts["allowed"] == ["offer_make_good"]
    assert not MakeGood.objects.exists()


def test_what_is_given_has_a_name(offer, manager):
    with pytest.raises(EmptyMessage):
        offer(manager, base=" ")
    with pytest.raises(PlusHasNoName):
        offer(manager, plus="")


def test_who_plans_nothing_extra_for_a_right_client_is_reminded(offer, valued, manager):
    before = [each.code for each in warnings_of(recovery_of(valued))]
    offer(manager)

    assert "plus_missing" in before
    assert "plus_missing" not in [each.code for each in warnings_of(recovery_of(valued))]
    assert make_good_of(valued).has_plus


def test_prevention_is_planned_told_and_done(complaint, agent, technician, now):
    with pytest.raises(PreventionMissing):
        services.tell_prevention(actor=agent, complaint=complaint, body="We change.", now=now)
    services.plan_prevention(
        actor=agent, complaint=complaint, text="Each cutter is tested.", owner=technician,
        due_date=now.date(), now=now,
    )  # fmt: skip

    prevention = services.finish_prevention(actor=technician, complaint=complaint, now=now)

    assert (prevention.owner, prevention.done_at) == (technician, now)
    with pytest.raises(PreventionDone):
        services.finish_prevention(actor=technician, complaint=complaint, now=now)
    with pytest.raises(EmptyMessage):
        services.plan_prevention(
            actor=agent, complaint=complaint, text=" ", owner=agent, due_date=now.date(), now=now
        )
