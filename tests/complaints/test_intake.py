from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from complaints import services
from complaints.placing import NobodyToLead
from complaints.services import Intake
from complaints.services.triage import AboutTheLead, NotAWorker, NotLower
from core.models import AuditEntry, User
from core.operations import SYSTEM
from tests.factories import UserFactory


def test_what_it_is_about_is_kept(log):
    complaint = log(order_ref="INV-9", item="Cutter", batch="B-77", disputed_value=Decimal("90.00"))

    complaint.refresh_from_db()
    assert (complaint.order_ref, complaint.item, complaint.batch) == ("INV-9", "Cutter", "B-77")
    assert complaint.disputed_value == 90


def test_nobody_leads_what_is_about_him(log, manager, head, agent, now):
    complaint = log(about=manager)

    assert (complaint.about, complaint.lead) == (manager, head)
    with pytest.raises(AboutTheLead):
        services.assign(actor=head, complaint=complaint, assignee=agent, lead=manager, now=now)


def test_a_complaint_about_somebody_else_stays_with_the_manager(log, manager, agent):
    assert log(about=agent).lead == manager


def test_a_complaint_about_the_only_head_goes_to_who_there_is(account, log, people, now):
    account.owner = people["hk"]
    account.save()

    assert log(about=people["hk"]).lead == people["ex"]


def test_without_anybody_else_it_is_refused_in_words(account, agent, manager, now):
    User.objects.exclude(pk__in=[manager.pk, agent.pk]).update(is_active=False)
    intake = Intake(client_words="He shouted", impact=4, urgency=4, about=manager)
    led = services.log_complaint(actor=agent, account=account, intake=intake, now=now)
    User.objects.filter(pk=agent.pk).update(is_active=False)

    with pytest.raises(NobodyToLead):
        services.log_complaint(actor=SYSTEM, account=account, intake=intake, now=now)
    assert led.lead == agent


@pytest.mark.parametrize(("channel", "via"), [("email", "mail"), ("portal", "page")])
def test_what_the_client_sends_himself_names_no_colleague(account, contact, now, channel, via):
    intake = Intake(client_words="No receipts", impact=3, urgency=3, channel=channel)

    complaint = services.log_complaint(actor=SYSTEM, account=account, intake=intake, now=now)

    entry = AuditEntry.objects.get(verb="complaints.log")
    assert (complaint.logged_by, complaint.assignee, entry.actor) == (None, None, None)
    assert entry.details == {"by": "client", "via": via}


def test_what_comes_from_nobody_we_know_is_held_with_its_clocks_running(head, people, log, now):
    log()  # there is a calendar
    intake = Intake(client_words="Who are you?", impact=3, urgency=3, channel="email")

    complaint = services.log_complaint(actor=SYSTEM, account=None, intake=intake, now=now)

    assert complaint.account.is_unknown
    assert complaint.lead == head
    assert complaint.next_due_at is not None


def test_only_a_head_lowers_a_priority_by_hand_and_says_why(complaint, manager, head, now):
    told = {
        "complaint": complaint,
        "impact": 3,
        "urgency": 3,
        "reason": "Only one till",
        "now": now,
    }
    with pytest.raises(PermissionDenied):
        services.lower_priority(actor=manager, **told)

    services.lower_priority(actor=head, **told)

    assert (complaint.priority, complaint.impact) == ("p3", 3)
    assert complaint.clocks.get(metric="first_response").priority == "p3"
    assert AuditEntry.objects.get(verb="complaints.lower_priority").reason == "Only one till"


@pytest.mark.parametrize(("impact", "urgency"), [(2, 2), (1, 1)])
def test_lower_is_lower(complaint, head, now, impact, urgency):
    with pytest.raises(NotLower):
        services.lower_priority(
            actor=head, complaint=complaint, impact=impact, urgency=urgency, reason="x", now=now
        )


def test_where_somebody_could_get_hurt_nothing_is_lowered(log, head, now):
    complaint = log(safety=True)

    with pytest.raises(NotLower):
        services.lower_priority(
            actor=head, complaint=complaint, impact=4, urgency=4, reason="x", now=now
        )


def test_a_head_may_lower_what_was_raised(log, head, agent, manager, now):
    first = log(at=now)
    services.triage(
        actor=agent, complaint=first, impact=3, urgency=3, category="quality", safety=False,
        root_cause="defect", assignee=agent, lead=manager, now=now,
    )  # fmt: skip
    second = log(impact=3, urgency=3)
    services.triage(
        actor=agent, complaint=second, impact=3, urgency=3, category="quality", safety=False,
        root_cause="defect", assignee=agent, lead=manager, now=now,
    )  # fmt: skip
    raised = second.priority

    services.lower_priority(
        actor=head, complaint=second, impact=3, urgency=3, reason="Another till", now=now
    )

    assert (raised, second.priority) == ("p2", "p3")


def test_only_active_colleagues_work_on_complaints(complaint, agent, people, now):
    with pytest.raises(NotAWorker):
        services.assign(
            actor=agent, complaint=complaint, assignee=people["api"], lead=agent, now=now
        )
    idle = UserFactory(is_active=False)
    with pytest.raises(NotAWorker):
        services.assign(actor=agent, complaint=complaint, assignee=agent, lead=idle, now=now)
