from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Alert
from complaints import services
from complaints.models import Complaint, Finding
from complaints.recovery import cost_of, finding_of, reads_cost
from complaints.services.findings import (
    FaultNotYours,
    NothingToDisclose,
    NothingToLetStand,
    ShareMissing,
)
from core.errors import StaleVersion
from core.models import AuditEntry, Notification, OutgoingMail, Timer
from core.timers import run_due
from tests.examples import example
from tests.sla.test_clock import moment

BLANK = {"root_cause": "", "cause_text": "", "whys": [], "justified": "yes"}


@pytest.fixture
def record(manager, now):
    """Return a function that records findings, as the account manager unless said otherwise."""

    def record_one(complaint, fault="ours", **told):
        who = {"actor": told.pop("actor", manager), "now": told.pop("at", now)}
        return services.record_findings(
            complaint=complaint, **who, **BLANK | {"fault": fault} | told
        )

    return record_one


@pytest.fixture
def assigned(complaint, technician, manager, agent, now):
    """The complaint, given to the technician."""
    services.assign(actor=agent, complaint=complaint, assignee=technician, lead=manager, now=now)
    return complaint


def test_findings_are_kept_beside_the_complaint_and_hide_their_words(complaint, record, agent):
    record(
        complaint, root_cause="defect", cause_text=" A worn cutter. ",
        whys=["It was worn", " ", "Nobody looked"], item="Cutter 9", batch="B-77", named=agent,
        staff_hours=Decimal("2.5"), recourse=Decimal(310),
    )  # fmt: skip

    finding = finding_of(complaint)
    assert (finding.cause_text, finding.whys) == (
        "A worn cutter.",
        ["It was worn", "Nobody looked"],
    )
    assert (complaint.root_cause, complaint.item, complaint.batch) == ("defect", "Cutter 9", "B-77")
    entry = AuditEntry.objects.get(verb="complaints.record_findings")
    assert entry.changes["cause_text"] == ["•••", "•••"]
    assert entry.changes["fault"] == ["undetermined", "ours"]


def test_own_fault_starts_the_time_to_tell_the_client(complaint, record, now):
    finding = record(complaint)

    assert (finding.confirmed_at, finding.disclose_by) == (now, now + timedelta(hours=4))
    assert Timer.objects.get(kind="complaints.disclosure").due_at == finding.disclose_by


def test_e3_9_four_business_hours_reach_into_the_next_day(complaint, record):
    inputs, outputs = example("E3.9")

    finding = record(complaint, "supplier", at=moment(inputs["fault_confirmed"]))

    assert complaint.priority == inputs["priority"].lower()
    assert finding.disclose_by == moment(outputs["tell_client_by"])


@pytest.mark.parametrize(("impact", "urgency", "hours"), [(1, 1, 4), (3, 3, 8), (4, 4, 8)])
def test_less_grave_mistakes_may_be_told_later(log, record, now, impact, urgency, hours):
    complaint = log(impact=impact, urgency=urgency)

    assert record(complaint).disclose_by in {
        now + timedelta(hours=hours),
        now + timedelta(hours=hours + 15),  # over the night
    }


def test_a_better_known_fault_keeps_the_first_moment(complaint, record, now):
    record(complaint, "supplier")

    later = record(complaint, "shared", our_share=Decimal(40), at=now + timedelta(hours=1))

    assert (later.confirmed_at, later.disclose_by) == (now, now + timedelta(hours=4))


def test_what_is_not_ours_after_all_needs_no_telling(complaint, record, now):
    record(complaint)

    finding = record(complaint, "client", at=now + timedelta(hours=1))
    run_due(now + timedelta(days=9))

    assert (finding.confirmed_at, finding.disclose_by) == (None, None)
    assert not Alert.objects.filter(kind="own_mistake").exists()


def test_who_is_not_told_in_time_alarms_the_heads_once(complaint, record, head, now):
    record(complaint)

    for minutes in (239, 240, 241, 600):
        run_due(now + timedelta(minutes=minutes))
        count = Alert.objects.filter(kind="own_mistake").count()
        assert count == (0 if minutes < 240 else 1)

    alert = Alert.objects.get(kind="own_mistake")
    assert (alert.level, alert.subject_id) == ("red", complaint.pk)
    assert alert.facts["no"] == complaint.no
    entry = AuditEntry.objects.get(verb="accounts.raise_alert")
    assert Notification.objects.filter(recipient=head, entry=entry).count() == 1
    assert complaint.no in str(entry.says)


def test_the_alarm_ends_when_the_client_is_told(complaint, record, manager, now):
    record(complaint)
    run_due(now + timedelta(hours=5))

    services.disclose(
        actor=manager, complaint=complaint, body="It was our mistake.", now=now + timedelta(hours=6)
    )

    assert Alert.objects.get(kind="own_mistake").state == "resolved"
    assert finding_of(complaint).missed_disclosure(now + timedelta(hours=6))


def test_the_alarm_ends_when_it_is_not_our_mistake(complaint, record, now):
    record(complaint)
    run_due(now + timedelta(hours=5))

    record(complaint, "none", at=now + timedelta(hours=6))

    assert Alert.objects.get(kind="own_mistake").state == "expired"


def test_telling_the_client_is_a_human_answer_and_ends_the_timer(complaint, record, manager, now):
    record(complaint)

    services.disclose(
        actor=manager, complaint=complaint, body="It was our mistake.", now=now + timedelta(hours=1)
    )
    run_due(now + timedelta(days=9))

    assert finding_of(complaint).disclosed_at == now + timedelta(hours=1)
    assert complaint.clocks.get(metric="first_response").state == "met"
    assert OutgoingMail.objects.filter(body__contains="our mistake").count() == 1
    assert not Alert.objects.filter(kind="own_mistake").exists()


def test_told_by_phone_no_letter_goes_out(complaint, record, manager, now):
    record(complaint)

    message = services.disclose(
        actor=manager, complaint=complaint, body="We said it.", channel="phone", now=now
    )

    assert message.channel == "phone"
    assert not OutgoingMail.objects.filter(body__contains="We said it").exists()


def test_nothing_is_disclosed_before_somebody_found_it(complaint, manager, now):
    with pytest.raises(NothingToDisclose):
        services.disclose(actor=manager, complaint=complaint, body="Ours.", now=now)

    assert not Finding.objects.exists()


def test_with_the_priority_the_time_to_tell_moves_from_the_start(complaint, record, agent, now):
    record(complaint)

    services.triage(
        actor=agent, complaint=complaint, impact=4, urgency=4, category="quality", safety=False,
        assignee=agent, lead=complaint.lead, now=now + timedelta(hours=1),
    )  # fmt: skip

    due = finding_of(complaint).disclose_by
    assert due == now + timedelta(hours=23)  # eight business hours, two of them on Tuesday
    assert Timer.objects.get(kind="complaints.disclosure", fired_at=None).due_at == due


@pytest.mark.parametrize("who", ["technician", "agent"])
def test_technicians_and_support_find_the_cause_and_propose_the_rest(
    assigned, record, request, who
):
    person = request.getfixturevalue(who)
    told = {"root_cause": "defect", "cause_text": "Ours, I think.", "justified": "undetermined"}

    finding = record(assigned, "undetermined", actor=person, staff_hours=Decimal(1), **told)
    with pytest.raises(FaultNotYours) as refusal:
        record(assigned, "ours", actor=person, **told)

    assert finding.cause_text == "Ours, I think."
    assert refusal.value.facts["fields"] == ["fault"]
    assert finding_of(assigned).fault == "undetermined"


def test_a_technician_finds_nothing_out_about_other_peoples_cases(complaint, record, technician):
    with pytest.raises(PermissionDenied):
        record(complaint, "undetermined", actor=technician)


def test_the_lead_hears_that_the_mistake_is_ours_and_only_once(assigned, record, head, manager):
    record(assigned, "undetermined", actor=head, justified="undetermined")
    record(assigned, actor=head)
    record(assigned, "supplier", actor=head)

    heard = Notification.objects.filter(recipient=manager, entry__verb="complaints.record_findings")
    assert [each.entry.changes["fault"][1] for each in heard] == ["ours"]


def test_a_shared_fault_says_how_much_is_ours_and_no_other_does(complaint, record):
    with pytest.raises(ShareMissing):
        record(complaint, "shared")

    assert record(complaint, "shared", our_share=Decimal(60)).our_share == 60
    assert record(complaint, "ours", our_share=Decimal(60)).our_share is None


def test_a_head_lets_stand_what_cannot_be_found_out(complaint, head, manager, record, now):
    with pytest.raises(PermissionDenied):
        services.let_stand(actor=manager, complaint=complaint, reason="Lost", now=now)

    finding = services.let_stand(actor=head, complaint=complaint, reason="Log lost", now=now)

    assert finding.is_settled
    assert (finding.let_stand_by, finding.fault) == (head, "undetermined")
    with pytest.raises(NothingToLetStand):
        services.let_stand(actor=head, complaint=complaint, reason="Again", now=now)


def test_two_who_write_findings_on_the_same_view_do_not_overwrite_each_other(complaint, record):
    old_view = Complaint.objects.get()
    old_view.expect(old_view.version)
    record(complaint, cause_text="First")

    with pytest.raises(StaleVersion):
        record(old_view, cause_text="Second")

    assert finding_of(complaint).cause_text == "First"


def test_cost_of_poor_service_is_what_was_given_and_worked(complaint, record, manager, now):
    record(complaint, staff_hours=Decimal("7.5"), recourse=Decimal(310))
    services.offer_make_good(
        actor=manager, complaint=complaint, base="A new cutter", base_cost=Decimal(640),
        plus="Paper for a month", plus_cost=Decimal(10), credit=Decimal(120), now=now,
    )  # fmt: skip

    cost = cost_of(complaint)

    assert (cost.gross, cost.net) == (Decimal("1058.75"), Decimal("748.75"))


def test_only_those_of_the_account_and_the_money_read_costs(complaint, people, stranger):
    readers = {role for role, user in people.items() if reads_cost(user, complaint)}

    assert readers == {"am", "hk", "fi", "ex"}
    assert not reads_cost(stranger, complaint)


def test_self_reported_is_not_acknowledged_but_told_in_time(log, agent, now):
    complaint = log(channel="self_reported")

    finding = finding_of(complaint)
    assert list(complaint.messages.all()) == []
    assert not OutgoingMail.objects.filter(to=complaint.contact.email).exists()
    assert (finding.confirmed_at, finding.disclose_by) == (now, now + timedelta(hours=4))
    assert finding.fault == "undetermined"
    run_due(now + timedelta(hours=4))
    assert Alert.objects.get(kind="own_mistake").level == "red"


def test_self_reported_stays_to_be_told_whosever_fault_it_is(log, record, manager, now):
    complaint = log(channel="self_reported")

    finding = record(complaint, "none", justified="no")

    assert finding.owes_disclosure
    services.disclose(actor=manager, complaint=complaint, body="We found this.", now=now)
    assert not finding_of(complaint).owes_disclosure
