import pytest
from rest_framework.test import APIClient

from complaints.models import Complaint
from core.models import AuditEntry
from tests.complaints.recovery import make_ready
from tests.journeys.conftest import STORY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


class Program:
    """A client that keeps a token and the ETag of the row it works on."""

    def __init__(self, key):
        self.client = APIClient()
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")

    def post(self, path, body, etag=None, key=None):
        headers = {"If-Match": etag} if etag else {}
        if key:
            headers["Idempotency-Key"] = key
        return self.client.post(f"/api/v1{path}", body, headers=headers)

    def act(self, path, verb, **body):
        etag = self.client.get(f"/api/v1{path}").headers["ETag"]
        response = self.post(f"{path}/{verb}", body, etag)
        assert response.status_code == 200, response.content
        return response.json()

    def get(self, path):
        response = self.client.get(f"/api/v1{path}")
        assert response.status_code == 200, response.content
        return response.json()


def clocks(program, complaint):
    return {each["metric"]: each for each in program.get(f"{complaint}/clocks")["results"]}


def test_the_main_job_over_rest(account, contact, agent, manager, token_of, tick, clock):
    support, owner = Program(token_of(agent)), Program(token_of(manager))
    words = {
        "account": str(account.pk), "contact": str(contact.pk), "impact": 2, "urgency": 2,
        "client_words": "The till prints no receipts.",
    }  # fmt: skip

    logged = support.post("/complaints", words, key="call-1")
    again = support.post("/complaints", words, key="call-1")
    assert logged.status_code == 201
    assert again.json() == logged.json()
    complaint = f"/complaints/{logged.json()['id']}"
    assert clocks(support, complaint)["first_response"]["due_at"] == "2026-03-02T12:00:00Z"

    tick(minutes=61)
    support.act(
        complaint, "triage", impact=2, urgency=2, category="quality", safety=False,
        assignee=str(agent.pk), lead=str(manager.pk),
    )  # fmt: skip
    answer = owner.post(f"{complaint}/messages", {"kind": "reply", "body": "We are on our way."})
    assert answer.status_code == 201, answer.content
    assert clocks(owner, complaint)["first_response"]["state"] == "met"

    owner.act(complaint, "wait", waiting_for="client", body="Which till is it?")
    assert clocks(owner, complaint)["resolution"]["due_at"] is None
    tick(hours=20)
    heard = support.post(f"{complaint}/messages", {"kind": "client", "body": "The left one."})
    assert heard.status_code == 201, heard.content
    assert clocks(owner, complaint)["resolution"]["state"] == "running"
    tick(hours=3)
    tick(days=1)
    assert clocks(owner, complaint)["resolution"]["breached_at"] is not None

    make_ready(Complaint.objects.get(), manager, clock.at)
    owner.act(complaint, "resolve", resolution_type="fixed", resolution="Replaced the cutter.")
    clock.forward(days=1)
    closed = owner.act(complaint, "record-callback", outcome="satisfied")

    assert closed["state"] == "closed"
    target = logged.json()["id"]
    verbs = (
        AuditEntry.objects.filter(target_id=target).order_by("id").values_list("verb", flat=True)
    )
    assert list(verbs) == STORY
    timeline = owner.get(f"/accounts/{account.pk}/timeline")["results"]
    assert set(STORY) <= {entry["verb"] for entry in timeline}
