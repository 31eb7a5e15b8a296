from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.models import Task
from core.services.token import create_token

DAY = "/api/v1/day"


@pytest.fixture
def token_of(now):
    """Return a function that gives a person's token with some scopes."""

    def make(user, *scopes):
        _token, key = create_token(
            actor=user, user=user, name="Watch", scopes=list(scopes), expires_at=None, now=now
        )
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    return make


def test_day_is_the_same_list_as_on_the_page(rest, manager, log, promise_to, now):
    complaint, promise = log("Stands still", impact=1, urgency=1), promise_to()

    rows = rest(manager).get(DAY).json()

    assert [(row["bucket"], row["subject"]["type"], row["subject"]["id"]) for row in rows] == [
        (0, "complaint", str(complaint.pk)),
        (2, "promise", str(promise.pk)),
        (5, "task", str(Task.objects.get().pk)),
    ]
    assert rows[1]["due_at"] == (now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert rows[1]["does"] == "Send the offer"


def test_team_is_for_heads(rest, head, stranger, promise_to):
    promise_to()

    assert rest(head).get(DAY).json() == []
    assert len(rest(head).get(f"{DAY}?whose=team").json()) == 1
    assert rest(stranger).get(f"{DAY}?whose=team").status_code == 403


def test_token_sees_the_rows_of_its_scopes(token_of, manager, log, promise_to):
    log()
    promise_to()

    def kinds(*scopes):
        return {row["subject"]["type"] for row in token_of(manager, *scopes).get(DAY).json()}

    assert kinds("accounts:read") == {"promise"}
    assert kinds("complaints:read") == {"complaint"}
    assert kinds("accounts:read", "complaints:read") == {"promise", "complaint"}
    assert kinds("sla:read") == set()
