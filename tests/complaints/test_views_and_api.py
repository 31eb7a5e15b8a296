"""The same case walked through the pages and through REST leaves the same trace."""

from datetime import timedelta

import pytest

from complaints.models import Complaint
from core.models import AuditEntry

STORY = [
    "complaints.log",
    "complaints.triage",
    "complaints.reply",
    "complaints.add_note",
    "complaints.wait",
    "complaints.comment",
    "accounts.make_promise",
    "complaints.resolve",
    "accounts.keep_promise",
    "complaints.record_callback",
]


class Pages:
    """A person in a browser."""

    def __init__(self, client):
        self.client = client

    def log(self, account, **told):
        told |= {"account": account.pk, "channel": "phone", "category": "quality"}
        return self.client.post("/complaints/log/", told)

    def act(self, complaint, verb, **told):
        told = {name: value for name, value in told.items() if value}
        told |= {"version": complaint.version}
        path = f"/complaints/{complaint.pk}/{verb.replace('_', '-')}/"
        return self.client.post(path, told)


class Program:
    """A person's program."""

    def __init__(self, client):
        self.client = client

    def log(self, account, **told):
        return self.client.post("/api/v1/complaints", told | {"account": account.pk})

    def act(self, complaint, verb, **told):
        kinds = {"reply": "reply", "add_note": "note", "comment": "client"}
        action = verb.replace("_", "-")
        if verb in kinds:
            action, told = "messages", told | {"kind": kinds[verb]}
        headers = {"If-Match": f'"{complaint.version}"'}
        return self.client.post(
            f"/api/v1/complaints/{complaint.pk}/{action}", told, headers=headers
        )


@pytest.fixture(params=[Pages, Program], ids=["pages", "rest"])
def surface(request, sign_in, rest, head):
    return request.param(sign_in(head) if request.param is Pages else rest(head))


def test_the_whole_way_of_a_complaint(surface, account, agent, head, clock):
    def act(verb, **told):
        clock.forward(minutes=10)
        complaint = Complaint.objects.get()
        assert surface.act(complaint, verb, **told).status_code in {200, 201, 302}, verb

    surface.log(account, client_words="The till prints no receipts.", impact=2, urgency=2)
    people = {"assignee": agent.pk, "lead": head.pk}
    act("triage", impact=2, urgency=2, category="quality", safety=False, **people)
    act("reply", body="We are on our way.")
    act("add_note", body="Take the spare cutter.")
    act("wait", waiting_for="client", body="Which till?")
    act("comment", body="The left one.")
    act("resolve", resolution_type="fixed", resolution="Replaced the cutter.")
    clock.forward(hours=1)
    act("record_callback", outcome="satisfied")

    complaint = Complaint.objects.get()
    entries = AuditEntry.objects.exclude(verb__startswith="core.").order_by("id")
    assert [entry.verb for entry in entries] == STORY
    assert (complaint.state, complaint.is_confirmed) == ("closed", True)
    waited = complaint.clocks.get(metric="resolution")
    assert (waited.state, waited.stopped_at) == ("met", clock.at - timedelta(hours=1, minutes=10))
    assert [message.kind for message in complaint.messages.all()] == [
        "acknowledgement", "reply", "note", "reply", "client", "reply",
    ]  # fmt: skip
