"""Service levels over REST."""

from datetime import timedelta

import pytest

from sla.models import Contract
from tests.factories import ContractFactory

BASE = "/api/v1"


@pytest.fixture
def rest(sign_in):
    """Return a function that calls REST as a person: rest(person).post(path, body, match=version)."""

    class Caller:
        def __init__(self, person):
            self.browser = sign_in(person)

        def get(self, path, **query):
            return self.browser.get(BASE + path, query)

        def send(self, method, path, body=None, match=None):
            headers = {"If-Match": f'"{match}"'} if match else {}
            call = getattr(self.browser, method)
            return call(BASE + path, body or {}, content_type="application/json", headers=headers)

    return Caller


@pytest.fixture
def body(account):
    return {
        "account": str(account.pk),
        "calendar": str(account.calendar_id),
        "starts_on": "2026-03-01",
        "targets": [{"priority": "p2", "metric": "resolution", "minutes": 240}],
    }


def test_a_contract_travels_from_draft_to_end(rest, head, body, now):
    caller = rest(head)

    drafted = caller.send("post", "/sla-contracts", body)
    path = f"/sla-contracts/{drafted.json()['id']}"
    edited = caller.send("patch", path, {"covers_children": True}, match=1)
    active = caller.send("post", f"{path}/activate", match=2)
    ended = caller.send("post", f"{path}/end", {"reason": "Sold"}, match=3)

    assert [each.status_code for each in (drafted, edited, active, ended)] == [201, 200, 200, 200]
    assert drafted["Location"] == BASE + path
    assert edited.json()["covers_children"] is True
    assert edited.json()["targets"] == drafted.json()["targets"]
    assert (active.json()["state"], ended.json()["state"]) == ("active", "ended")


def test_refusals_have_stable_codes(rest, head, account, body, now):
    caller = rest(head)
    contract = ContractFactory(account=account)
    path = f"/sla-contracts/{contract.pk}"
    slow = [
        {"priority": "p2", "metric": "first_response", "minutes": 300},
        {"priority": "p2", "metric": "resolution", "minutes": 240},
    ]
    draft = caller.send("post", "/sla-contracts", body).json()

    answers = [
        caller.send("patch", path, {"covers_children": True}, match=1),
        caller.send("post", "/sla-contracts", body | {"targets": slow}),
        caller.send("post", f"/sla-contracts/{draft['id']}/activate", match=1),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (409, "illegal_transition"),
        (409, "response_after_resolution"),
        (409, "contracts_overlap"),
    ]
    assert answers[0].json()["allowed"] == ["end"]


@pytest.mark.parametrize(
    "change",
    [
        {"targets": [{"priority": "p9", "metric": "resolution", "minutes": 1}]},
        {"targets": [{"priority": "p2", "metric": "workaround", "minutes": 1}]},
        {"targets": [{"priority": "p2", "metric": "resolution", "minutes": 0}]},
        {"targets": "all"},
        {"starts_on": "soon"},
        {"calendar": "0190-not-an-id"},
        {"surprise": 1},
    ],
)
def test_bad_input_names_its_field(rest, head, body, change):
    answer = rest(head).send("post", "/sla-contracts", body | change)

    assert answer.status_code == 400
    [field] = change
    assert answer.json()["errors"][0]["field"].split(".")[0] == field
    assert not Contract.objects.exists()


def test_who_may_not_draft_gets_403_and_who_may_not_see_404(rest, stranger, admin, account, body):
    contract = ContractFactory(account=account)

    assert rest(stranger).send("post", "/sla-contracts", body).status_code == 403
    assert rest(stranger).get(f"/sla-contracts/{contract.pk}").status_code == 200
    assert rest(admin).get(f"/sla-contracts/{contract.pk}").status_code == 404


def test_contracts_are_filtered_and_cost_the_same_for_one_and_three(
    rest, manager, account, django_assert_num_queries, django_assert_max_num_queries
):
    caller = rest(manager)
    ContractFactory(account=account)
    caller.get("/sla-contracts")
    with django_assert_max_num_queries(10) as one:
        caller.get("/sla-contracts")
    for _each in range(2):
        ContractFactory(state="draft")
    with django_assert_num_queries(len(one)):
        everything = caller.get("/sla-contracts").json()
    drafts = caller.get("/sla-contracts", state="draft").json()

    assert (len(everything["results"]), len(drafts["results"])) == (3, 2)


def test_clocks_are_filtered(rest, agent, account, start, pause, now):
    complaint, waiting = start(), start()
    pause(waiting, now)
    caller = rest(agent)

    def found(**query):
        return len(caller.get("/clocks", **query).json()["results"])

    assert found() == 4
    assert found(state="paused") == 1
    assert found(metric="first_response") == 2
    assert found(account=str(account.pk)) == 4
    assert found(account=str(agent.pk)) == 0
    assert found(subject=str(complaint.pk)) == 2
    assert found(due_before=(now + timedelta(hours=3)).isoformat()) == 2
    assert caller.get("/clocks", state="late").status_code == 400
    assert caller.get("/clocks", color="red").status_code == 400


def test_a_clock_tells_its_times(rest, agent, start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + timedelta(hours=1))

    told = rest(agent).get(f"/clocks/{clock_of(complaint).pk}").json()

    assert told["subject"] == {"type": "complaint", "id": str(complaint.pk)}
    assert (told["state"], told["due_at"]) == ("paused", None)
    assert (told["target_seconds"], told["remaining_seconds"]) == (8 * 3600, 7 * 3600)


def test_explain_adds_up_to_the_target(rest, agent, start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + timedelta(hours=1), hours=2)
    clock = clock_of(complaint)

    told = rest(agent).get(f"/clocks/{clock.pk}/explain").json()

    assert told["target_seconds"] == told["used_seconds"] == 8 * 3600
    assert sum(day["counted_seconds"] for day in told["days"]) == 8 * 3600
    assert told["due_at"] == clock.due_at.isoformat().replace("+00:00", "Z")
    assert [day["note"] for day in told["days"]] == ["", "Liberation Day", ""]
    assert told["days"][0]["spans"][0] == {
        "starts_at": "2026-03-02T10:00:00Z", "ends_at": "2026-03-02T11:00:00Z",
    }  # fmt: skip
    assert (told["time_zone"], told["days_left_out"]) == ("Europe/Sofia", 0)
    assert told["pauses"] == [
        {"starts_at": "2026-03-02T11:00:00Z", "ends_at": "2026-03-02T13:00:00Z"}
    ]


def test_clocks_of_invisible_complaints_are_not_there(rest, technician, admin, start, clock_of):
    clock = clock_of(start())

    for person in (technician, admin):
        assert rest(person).get("/clocks").json()["results"] == []
        assert rest(person).get(f"/clocks/{clock.pk}").status_code == 404
        assert rest(person).get(f"/clocks/{clock.pk}/explain").status_code == 404


def test_clocks_cost_the_same_for_one_and_three_complaints(
    rest, agent, start, django_assert_num_queries, django_assert_max_num_queries
):
    caller = rest(agent)
    start()
    caller.get("/clocks")
    with django_assert_max_num_queries(8) as one:
        caller.get("/clocks")
    for _each in range(2):
        start()
    with django_assert_num_queries(len(one)):
        caller.get("/clocks")
