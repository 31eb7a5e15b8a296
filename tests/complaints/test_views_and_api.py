"""The same case walked through the pages and through REST leaves the same trace."""

from datetime import timedelta

import pytest
from django.db.models import Q

from complaints.models import Complaint
from complaints.recovery import recovery_of
from core.models import AuditEntry
from tests.complaints import surfaces

STORY = [
    "complaints.log",
    "complaints.triage",
    "complaints.reply",
    "complaints.add_note",
    "complaints.wait",
    "complaints.comment",
    "complaints.confirm_understanding",
    "complaints.record_findings",
    "complaints.disclose",
    "complaints.apologise",
    "complaints.ask_client",
    "complaints.record_remedy",
    "complaints.judge_remedy",
    "accounts.make_promise",
    "complaints.decide_remedy",
    "accounts.keep_promise",
    "complaints.deliver_remedy",
    "complaints.confirm_remedy",
    "complaints.offer_make_good",
    "complaints.deliver_make_good",
    "complaints.plan_prevention",
    "complaints.tell_prevention",
    "complaints.finish_prevention",
    "complaints.set_wants",
    "accounts.make_promise",
    "complaints.resolve",
    "accounts.keep_promise",
    "accounts.make_promise",
    "complaints.record_callback",
]


class Pages(surfaces.Pages):
    """A person in a browser."""

    def log(self, account, **told):
        told |= {"account": account.pk, "channel": "phone", "category": "quality"}
        return self.client.post("/complaints/log/", told)


class Program(surfaces.Program):
    """A person's program."""

    def log(self, account, **told):
        return self.client.post("/api/v1/complaints", told | {"account": account.pk})


@pytest.fixture(params=[Pages, Program], ids=["pages", "rest"])
def surface(request, sign_in, rest, head):
    return request.param(sign_in(head) if request.param is Pages else rest(head))


def test_the_whole_way_of_a_complaint(surface, account, contact, agent, head, clock):
    def act(verb, **told):
        clock.forward(minutes=1)
        complaint = Complaint.objects.get()
        answer = surface.do(complaint, verb, told)
        assert (answer.status in {200, 201, 302}, answer.code) == (True, ""), verb

    surface.log(
        account, contact=str(contact.pk), client_words="The till prints no receipts.",
        impact=2, urgency=2,
    )  # fmt: skip
    people = {"assignee": str(agent.pk), "lead": str(head.pk)}
    act("triage", impact=2, urgency=2, category="quality", safety=False, **people)
    act("reply", body="We are on our way.")
    act("add_note", body="Take the spare cutter.")
    act("wait", waiting_for="client", body="Which till?")
    act("comment", body="The left one.")
    act("confirm_understanding", summary="The left till prints nothing since nine.")
    act(
        "record_findings", root_cause="defect", cause_text="A worn cutter.", fault="ours",
        whys=["It was worn", "Nobody looked"], justified="yes", staff_hours="1.50",
    )  # fmt: skip
    act("disclose", body="We found that our cutter was worn.", channel="email")
    act("apologise", form="responsibility", text="We are sorry. It is ours.", channel="phone")
    act("ask_client", channel="phone")
    cost = {"amount": "180.00", "currency": "EUR"}
    act("record_remedy", client_text="Credit the month.", estimated_cost=cost)
    act("judge_remedy", feasible="yes", how="A credit note", lawful=True, estimated_cost="180.00")
    act("decide_remedy", decision="accept")
    act("deliver_remedy")
    act("confirm_remedy")
    plus = {"plus": "A box of paper", "plus_cost": "10.00"}
    act("offer_make_good", base="A credit", base_cost="180.00", voluntary=True, **plus)
    act("deliver_make_good")
    act(
        "plan_prevention", text="Each cutter is tested.", owner=str(agent.pk),
        due_date="2026-03-30",
    )  # fmt: skip
    act("tell_prevention", body="From now on each cutter is tested.", channel="email")
    act("finish_prevention")
    given = {"wanted": "yes", "done": True, "evidence": "Said by phone"}
    act("set_wants", wants=[given | {"number": number} for number in range(1, 9)])
    act("resolve", resolution_type="fixed", resolution="Replaced the cutter.")
    clock.forward(hours=1)
    act("record_callback", outcome="satisfied")

    complaint = Complaint.objects.get()
    left_out = Q(verb__startswith="core.") | Q(verb__in=["accounts.open_task"])
    entries = AuditEntry.objects.exclude(left_out).order_by("id")
    assert [entry.verb for entry in entries] == STORY
    assert (complaint.state, complaint.is_confirmed) == ("closed", True)
    waited = complaint.clocks.get(metric="resolution")
    assert (waited.state, waited.stopped_at) == ("met", clock.at - timedelta(hours=1, minutes=1))
    assert [message.kind for message in complaint.messages.all()] == [
        "acknowledgement", "reply", "note", "reply", "client", "note", "reply", "reply", "reply",
        "reply", "reply", "reply",
    ]  # fmt: skip
    recovery = recovery_of(complaint)
    assert recovery.completeness.is_whole
    assert (recovery.remedy.state, recovery.make_good.state) == ("confirmed", "delivered")
    assert recovery.make_good.voluntary
    assert recovery.finding.whys == ["It was worn", "Nobody looked"]
