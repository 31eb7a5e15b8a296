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


EVERYTHING = {
    "scope": "Kiosks",
    "ends_on": "2027-02-28",
    "covers_children": True,
    "auto_renew": True,
    "notice_days": 90,
    "monthly_fee": {"amount": "4800.00", "currency": "BGN"},
    "review_every": 6,
    "monthly_cap_percent": "8.0000",
    "annual_cap_percent": "4.0000",
    "n_min": 12,
    "per_extra_miss_percent": "1.5000",
    "tolerated_misses": 2,
    "targets": [
        {
            "priority": "p2", "category": "safety", "metric": "resolution", "minutes": 240,
            "around_the_clock": False, "attainment_percent": "95.0000",
        }
    ],
    "scope_items": [
        {
            "service": "Repair", "quantity": "4.0000", "unit": "visit", "per": "month",
            "excluded": "spare parts",
        }
    ],
    "exclusions": [{"kind": "agreed_maintenance", "text": "Sundays"}],
    "bands": [
        {
            "metric": "resolution", "from_percent": "80.0000", "to_percent": "90.0000",
            "credit_percent": "2.5000",
        }
    ],
    "steps": [
        {
            "action": "notify", "percent": None, "minutes_from_due": -30, "hearer": "head",
            "person": None, "priority": "p2", "metric": "resolution", "any_hour": True,
            "repeat_minutes": 60, "repeat_limit": 3,
        }
    ],
}  # fmt: skip
"""Every term that a program may give; it reads them back as it gave them."""


def test_a_contract_travels_from_draft_to_its_end(rest, manager, head, technician, body, now):
    am, hk, te = rest(manager), rest(head), rest(technician)
    drafted = am.send("post", "/sla-contracts", body)
    path = f"/sla-contracts/{drafted.json()['id']}"
    day = {"signed_on": "2026-03-02"}
    steps = [
        (hk, "approve", {"kind": "tighter", "note": "Fine"}),
        (te, "approve", {"kind": "feasible"}),
        (am, "propose", {}),
        (am, "negotiate", {"note": "They ask for mornings."}),
        (am, "agree", {}),
        (am, "record-signature", day | {"signed_by": "Rada Lipova", "document": "Drawer 7"}),
        (hk, "sign", day),
    ]

    def version():
        return am.get(path).json()["version"]

    answers = [
        who.send("post", f"{path}/{step}", given, match=version()) for who, step, given in steps
    ]
    active = am.get(path).json()
    ended = hk.send("post", f"{path}/terminate", {"reason": "Sold"}, match=active["version"])

    assert (drafted.status_code, drafted["Location"]) == (201, BASE + path)
    assert drafted.json()["approvals_needed"] == ["tighter", "feasible"]
    assert [each.status_code for each in answers] == [200] * len(steps)
    assert [each.json()["state"] for each in answers] == [
        "draft", "draft", "proposed", "negotiating", "agreed", "agreed", "active",
    ]  # fmt: skip
    assert active["approvals"] == [
        {"kind": "tighter", "by": str(head.pk), "at": "2026-03-02T10:00:00Z", "note": "Fine"},
        {"kind": "feasible", "by": str(technician.pk), "at": "2026-03-02T10:00:00Z", "note": ""},
    ]
    assert (active["signed_by_us"], active["signed_by_client"]) == (str(head.pk), "Rada Lipova")
    assert (active["document"], active["next_review"]) == ("Drawer 7", "2026-06-01")
    assert active["allowed"] == ["renew", "terminate"]
    assert (ended.json()["state"], ended.json()["ended_on"]) == ("terminated", "2026-03-02")


def test_every_term_is_read_back_as_it_was_given_and_a_patch_leaves_out_what_stays(
    rest, head, body, now
):
    caller = rest(head)

    drafted = caller.send("post", "/sla-contracts", body | EVERYTHING).json()
    path = f"/sla-contracts/{drafted['id']}"
    same = caller.send("patch", path, {}, match=1).json()
    changed = caller.send("patch", path, {"notice_days": 30, "bands": []}, match=1).json()
    free = caller.send("patch", path, {"monthly_fee": None}, match=2).json()

    for shown in (drafted, same):
        assert {name: shown[name] for name in EVERYTHING} == EVERYTHING
    assert {name: changed[name] for name in EVERYTHING} == EVERYTHING | {
        "notice_days": 30, "bands": [],
    }  # fmt: skip
    assert free["monthly_fee"] is None


def test_a_draft_that_says_little_is_as_usual(rest, head, body, now):
    drafted = rest(head).send("post", "/sla-contracts", body).json()

    assert (drafted["scope"], drafted["monthly_fee"], drafted["ends_on"]) == ("", None, None)
    assert (drafted["notice_days"], drafted["n_min"], len(drafted["bands"])) == (60, 10, 6)
    assert (drafted["steps"], drafted["exclusions"], drafted["successor"]) == ([], [], None)


def test_the_next_version_is_a_row_of_its_own_and_tells_what_it_changes(rest, head, account, now):
    caller = rest(head)
    contract = ContractFactory(account=account, targets={("p2", "resolution"): 480})
    path = f"/sla-contracts/{contract.pk}"

    renewal = caller.send("post", f"{path}/renew")
    shown = renewal.json()
    faster = [{"priority": "p2", "metric": "resolution", "minutes": 240}]
    caller.send("patch", f"/sla-contracts/{shown['id']}", {"targets": faster}, match=1)
    told = caller.get(f"/sla-contracts/{shown['id']}/diff").json()

    assert (renewal.status_code, shown["no"]) == (201, f"{contract.no}/2")
    assert (shown["revision"], shown["predecessor"]) == (2, str(contract.pk))
    assert caller.get(path).json()["successor"] == shown["id"]
    assert (told["before"], told["after"]) == (str(contract.pk), shown["id"])
    changes = [line for part in told["parts"] for line in part["lines"]]
    assert "better" in {line["change"] for line in changes}
    assert caller.get(f"{path}/diff").status_code == 404


def test_refusals_have_stable_codes(rest, manager, head, account, body, now):
    caller = rest(head)
    contract = ContractFactory(account=account)
    path = f"/sla-contracts/{contract.pk}"
    slow = [
        {"priority": "p2", "metric": "first_response", "minutes": 300},
        {"priority": "p2", "metric": "resolution", "minutes": 240},
    ]
    draft = rest(manager).send("post", "/sla-contracts", body).json()
    agreed = ContractFactory(account=account, state="agreed", signed_by_client_on=now.date())

    answers = [
        caller.send("patch", path, {"covers_children": True}, match=1),
        caller.send("post", "/sla-contracts", body | {"targets": slow}),
        caller.send("post", f"/sla-contracts/{draft['id']}/propose", match=1),
        caller.send(
            "post", f"/sla-contracts/{agreed.pk}/sign", {"signed_on": "2026-03-02"}, match=1
        ),
        rest(manager).send("post", f"{path}/terminate", {"reason": "Sold"}, match=1),
        rest(manager).send(
            "post", f"/sla-contracts/{draft['id']}/approve", {"kind": "tighter"}, match=1
        ),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (409, "illegal_transition"),
        (409, "response_after_resolution"),
        (409, "approval_missing"),
        (409, "contracts_overlap"),
        (403, "permission_denied"),
        (403, "permission_denied"),
    ]
    assert answers[0].json()["allowed"] == ["renew", "terminate"]
    assert answers[2].json()["missing"] == ["tighter", "feasible"]


@pytest.mark.parametrize(
    "change",
    [
        {"targets": [{"priority": "p9", "metric": "resolution", "minutes": 1}]},
        {"targets": [{"priority": "p2", "metric": "patience", "minutes": 1}]},
        {"bands": [{"metric": "resolution", "from_percent": 0, "to_percent": 101}]},
        {"exclusions": [{"kind": "supplier_delay"}]},
        {"steps": [{"action": "shout"}]},
        {"monthly_fee": {"amount": 4800, "currency": "EUR"}},
        {"annual_cap_percent": "5,0"},
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
