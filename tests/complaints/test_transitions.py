"""Every step from every state, with each guard unmet: refused alike by pages and by REST.

A new verb is one line in TOLD; a new guard is one line in UNMET.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Promise
from complaints import services
from complaints.guards import GUARDS
from complaints.models import (
    Apology,
    Complaint,
    Finding,
    MakeGood,
    Message,
    Prevention,
    Remedy,
    Want,
)
from complaints.transitions import COURSE, STARTS, allowed_now
from core.models import AuditEntry, OutgoingMail
from core.operations import SYSTEM
from tests.complaints.recovery import make_ready
from tests.complaints.surfaces import Pages, Program
from tests.factories import ComplaintFactory

State = Complaint.State
BLAME = "Our supplier let us down, it is entirely the fault of our supplier."
PARTS = (Finding, Remedy, MakeGood, Prevention, Want, Apology, Message)
FINDINGS = {"fault": "ours", "justified": "yes", "root_cause": "", "cause_text": ""}
JUDGED = {"impact": 2, "urgency": 2, "category": "quality", "safety": False}
WANT = {"number": 2, "wanted": "yes", "done": True, "evidence": "She nodded"}


WAYS = {
    State.NEW: "",
    State.TRIAGED: "triage",
    State.IN_PROGRESS: "triage reply",
    State.WAITING_CLIENT: "triage reply ask",
    State.WAITING_SUPPLIER: "triage reply press",
    State.RESOLVED: "triage reply ready resolve",
    State.CLOSED: "triage reply ready resolve call",
    State.MERGED: "merge",
    State.CONVERTED: "convert",
}


@pytest.fixture(params=[Pages, Program], ids=["pages", "rest"])
def surface(request, sign_in, rest):
    """Return a function that gives the surface to a person."""
    return lambda user: request.param(sign_in(user) if request.param is Pages else rest(user))


@pytest.fixture
def told(agent, head, complaint, now):
    """Return what each step is told where nothing is wrong with its shape."""
    people = {"assignee": str(agent.pk), "lead": str(head.pk)}
    letter = {"body": "We are on it.", "channel": "phone"}
    other = ComplaintFactory(account=complaint.account, no="CMP-2026-77777")
    return {
        "triage": JUDGED | people,
        "lower_priority": {"impact": 4, "urgency": 4, "reason": "One till only"},
        "assign": people,
        "reply": {"body": "We are on it."},
        "wait": {"waiting_for": "client", "body": "Which till?"},
        "resume": {},
        "record_findings": FINDINGS,
        "let_stand": {"reason": "The log is lost"},
        "disclose": letter,
        "confirm_understanding": {"summary": "No receipts since nine."},
        "set_wants": {"wants": [WANT | {"number": each} for each in range(1, 9)]},
        "apologise": {"form": "regret", "text": "We are sorry.", "channel": "phone"},
        "skip_apology": {"reason": "Said by phone"},
        "ask_client": {"channel": "phone"},
        "note_failed_ask": {"note": "No answer"},
        "record_remedy": {"client_text": "A credit"},
        "judge_remedy": {"feasible": "yes", "how": "At once"},
        "decide_remedy": {"decision": "accept"},
        "answer_remedy": {"answer": "accept"},
        "deliver_remedy": {},
        "confirm_remedy": {},
        "offer_make_good": {"base": "A cutter"},
        "agree_make_good": {},
        "deliver_make_good": {},
        "plan_prevention": {
            "text": "We test", "owner": str(agent.pk), "due_date": now.date().isoformat(),
        },
        "tell_prevention": letter,
        "finish_prevention": {},
        "resolve": {"resolution_type": "fixed", "resolution": "Replaced the cutter."},
        "record_callback": {"outcome": "satisfied"},
        "reopen": {"reason": "Broken again"},
        "merge": {"into": str(other.pk)},
        "withdraw": {"words": "Never mind", "channel": "phone"},
        "convert": {
            "reason": "A wish", "assignee": str(agent.pk),
            "due_at": (now + timedelta(days=2)).isoformat(),
        },
    }  # fmt: skip


@pytest.fixture
def bring(complaint, head, agent, now):
    """Return a function that brings the complaint to a state, by the services alone."""
    other = ComplaintFactory(account=complaint.account, no="CMP-2026-88888")
    people, day = {"assignee": agent, "lead": head}, timedelta(days=1)
    steps = {
        "triage": (services.triage, JUDGED | people),
        "reply": (services.reply, {"body": "We are on it."}),
        "ask": (services.wait, {"waiting_for": "client", "body": "Which till?"}),
        "press": (services.wait, {"waiting_for": "supplier", "body": "Case 77"}),
        "ready": (lambda actor, complaint, now: make_ready(complaint, actor, now), {}),
        "resolve": (
            services.resolve_complaint, {"resolution_type": "fixed", "resolution": "Done."},
        ),
        "call": (services.record_callback, {"outcome": "satisfied"}),
        "merge": (services.merge, {"into": other}),
        "convert": (services.convert, {"reason": "A wish", "assignee": agent, "due_at": now + day}),
    }  # fmt: skip

    def to(state):
        for step in WAYS[state].split():
            service, told = steps[step]
            service(actor=head, complaint=complaint, now=now, **told)
        return Complaint.objects.get(pk=complaint.pk)

    return to


def all_that_is_stored(complaint):
    """Return every row that a step could have touched."""
    parts = [list(model.objects.filter(complaint=complaint).values()) for model in PARTS]
    return [
        Complaint.objects.filter(pk=complaint.pk).values().get(),
        *parts,
        list(Promise.objects.filter(subject_id=complaint.pk).values()),
        AuditEntry.objects.count(),
        OutgoingMail.objects.count(),
    ]


def test_every_step_of_the_table_is_told_something(told):
    assert set(told) == set(STARTS)
    assert set(COURSE) <= set(STARTS)


@pytest.mark.parametrize("state", State.values)
def test_no_step_starts_from_a_state_that_does_not_allow_it(surface, told, bring, head, state):
    complaint, person = bring(State(state)), surface(head)
    Promise.objects.filter(kind=Promise.Kind.PULSE).delete()  # a call that may follow the closing
    before = all_that_is_stored(complaint)
    forbidden = [verb for verb, states in STARTS.items() if state not in states]

    answers = {verb: person.do(complaint, verb, told[verb]) for verb in forbidden}

    assert {verb: (each.status, each.code) for verb, each in answers.items()} == dict.fromkeys(
        forbidden, (409, "illegal_transition")
    )
    label = State(state).label
    assert all(f"“{label}”" in each.says for each in answers.values())
    assert all_that_is_stored(complaint) == before


LANDS = {
    ("new", "triage"): "triaged",
    ("new", "reply"): "new",
    ("new", "merge"): "merged",
    ("new", "withdraw"): "resolved",
    ("new", "convert"): "converted",
    ("triaged", "triage"): "triaged",
    ("triaged", "reply"): "in_progress",
    ("triaged", "wait"): "waiting_client",
    ("triaged", "resolve"): "resolved",
    ("triaged", "merge"): "merged",
    ("triaged", "withdraw"): "resolved",
    ("in_progress", "triage"): "in_progress",
    ("in_progress", "reply"): "in_progress",
    ("in_progress", "wait"): "waiting_client",
    ("in_progress", "resolve"): "resolved",
    ("in_progress", "merge"): "merged",
    ("in_progress", "withdraw"): "resolved",
    ("waiting_client", "triage"): "waiting_client",
    ("waiting_client", "reply"): "waiting_client",
    ("waiting_client", "resume"): "in_progress",
    ("waiting_client", "resolve"): "resolved",
    ("waiting_client", "withdraw"): "resolved",
    ("waiting_supplier", "triage"): "waiting_supplier",
    ("waiting_supplier", "reply"): "waiting_supplier",
    ("waiting_supplier", "resume"): "in_progress",
    ("waiting_supplier", "resolve"): "resolved",
    ("waiting_supplier", "withdraw"): "resolved",
    ("resolved", "reply"): "resolved",
    ("resolved", "record_callback"): "closed",
    ("resolved", "reopen"): "in_progress",
    ("closed", "reopen"): "in_progress",
}


def test_the_table_names_each_legal_step():
    assert set(LANDS) == {(state.value, verb) for verb in COURSE for state in STARTS[verb]}


@pytest.mark.parametrize(("state", "verb"), LANDS, ids=lambda part: part)
def test_each_legal_step_leads_where_it_should(surface, told, bring, head, now, state, verb):
    complaint = bring(State(state))
    assert verb in allowed_now(complaint)
    if verb == "resolve":
        make_ready(complaint, head, now)

    answer = surface(head).do(complaint, verb, told[verb])

    assert (answer.status in {200, 201, 302}, answer.code) == (True, "")
    complaint.refresh_from_db()
    assert complaint.state == LANDS[state, verb]


def _undone(model, **fields):
    return lambda complaint: model.objects.filter(complaint=complaint).update(**fields)


def _unasked(complaint):
    Remedy.objects.filter(complaint=complaint).update(tries=1)


def _proposed(state, **fields):
    def arrange(complaint):
        Remedy.objects.filter(complaint=complaint).update(
            state=state, asked_at=complaint.received_at, client_text="A credit",
            proposed_at=complaint.received_at, **fields,
        )  # fmt: skip

    return arrange


def _accepted(complaint):
    who = {"decided_by": complaint.lead, "decided_at": complaint.received_at}
    _proposed("accepted", **who)(complaint)


MISSING = [
    ("findings_missing", "record_findings", _undone(Finding, justified="undetermined")),
    ("disclosure_missing", "disclose", _undone(Finding, disclosed_at=None)),
    (
        "apology_missing",
        "apologise",
        lambda complaint: Complaint.objects.update(no_apology_reason=""),
    ),
    ("remedy_not_asked", "ask_client", _unasked),
    ("remedy_undecided", "decide_remedy", _proposed("proposed")),
    ("remedy_undecided", "deliver_remedy", _accepted),
    (
        "prevention_missing",
        "plan_prevention",
        lambda complaint: Prevention.objects.filter(complaint=complaint).delete(),
    ),
    ("wants_incomplete", "set_wants", _undone(Want, done=False)),
]
"""Code, the verb that mends it, and what takes just this away from a complaint that is ready."""


@pytest.fixture
def ready_of_ours(bring, head, now):
    """A complaint in progress, our fault and justified, with nothing missing."""
    complaint = bring(State.IN_PROGRESS)
    return make_ready(complaint, head, now, fault="ours", justified="yes")


def test_every_guard_has_its_line_and_keeps_its_place():
    assert len({code for code, _verb, _arrange in MISSING}) == len(GUARDS)


@pytest.mark.parametrize(("code", "mends", "arrange"), MISSING, ids=lambda part: str(part)[:24])
def test_nobody_resolves_while_one_thing_is_missing(
    surface, told, ready_of_ours, head, code, mends, arrange
):
    arrange(ready_of_ours)
    complaint = Complaint.objects.get(pk=ready_of_ours.pk)
    before = all_that_is_stored(complaint)

    answer = surface(head).do(complaint, "resolve", told["resolve"])

    assert (answer.status, answer.code) == (409, code)
    assert all_that_is_stored(complaint) == before


def test_with_nothing_missing_it_is_resolved(surface, told, ready_of_ours, head):
    answer = surface(head).do(ready_of_ours, "resolve", told["resolve"])

    assert answer.code == ""
    ready_of_ours.refresh_from_db()
    assert (ready_of_ours.state, ready_of_ours.resolved_by) == ("resolved", head)


def test_all_that_is_missing_is_told_together_with_what_to_do(rest, bring, head, told):
    complaint = bring(State.IN_PROGRESS)
    services.record_remedy(
        actor=SYSTEM, complaint=complaint, client_text="A credit", now=complaint.received_at
    )

    refusal = rest(head).post(
        f"/api/v1/complaints/{complaint.pk}/resolve", told["resolve"],
        headers={"If-Match": f'"{complaint.version}"'},
    ).json()  # fmt: skip

    assert refusal["code"] == "findings_missing"
    assert [(each["code"], each["action"]) for each in refusal["missing"]] == [
        ("findings_missing", "record_findings"),
        ("apology_missing", "apologise"),
        ("remedy_undecided", "decide_remedy"),
        ("prevention_missing", "plan_prevention"),
        ("wants_incomplete", "set_wants"),
    ]
    assert all(each["detail"] in refusal["detail"] for each in refusal["missing"])


def test_less_grave_complaints_may_be_resolved_with_a_want_unmet(log, head, agent, now):
    complaint = log(impact=3, urgency=3)
    services.triage(
        actor=head, complaint=complaint, assignee=agent, lead=head, now=now,
        **JUDGED | {"impact": 3, "urgency": 3},
    )  # fmt: skip
    make_ready(complaint, head, now)

    services.resolve_complaint(
        actor=head, complaint=complaint, resolution_type="fixed", resolution="Done.", now=now
    )

    assert complaint.state == "resolved"
    assert not Want.objects.exists()


def _propose(cost, justified="yes", feasible="unknown"):
    def arrange(complaint):
        _proposed("proposed", estimated_cost=cost, feasible=feasible)(complaint)
        Finding.objects.filter(complaint=complaint).update(justified=justified)

    return arrange


def _nothing(complaint):
    """Leave it ready."""


def _about_the_head(complaint):
    Complaint.objects.update(lead=complaint.account.owner, about=complaint.lead)


def _long_ago(complaint):
    long_ago = complaint.received_at - timedelta(days=31)
    Complaint.objects.update(
        state="resolved", resolved_at=long_ago, resolution="Done", resolution_type="fixed"
    )


PAST = "2026-03-01T10:00:00Z"
WRITTEN = {"body": BLAME, "channel": "email"}
UNMET = [
    ("about_the_lead", "triage", "hk", _about_the_head, {}),
    ("about_the_lead", "assign", "hk", _about_the_head, {}),
    ("not_lower", "lower_priority", "hk", _nothing, {"impact": 1, "urgency": 1}),
    ("reply_check_stop", "reply", "hk", _nothing, {"body": BLAME}),
    ("reply_check_stop", "wait", "hk", _nothing, {"body": BLAME}),
    ("reply_check_stop", "resolve", "hk", _nothing, {"resolution": BLAME}),
    ("reply_check_stop", "disclose", "hk", _nothing, WRITTEN),
    ("reply_check_stop", "apologise", "hk", _nothing, {"text": BLAME, "channel": "email"}),
    ("reply_check_stop", "tell_prevention", "hk", _nothing, WRITTEN),
    (
        "appointment_not_ahead", "wait", "hk", _nothing,
        {"waiting_for": "appointment", "appointment_at": PAST},
    ),
    ("share_missing", "record_findings", "hk", _nothing, {"fault": "shared"}),
    ("nothing_to_let_stand", "let_stand", "hk", _nothing, {}),
    (
        "nothing_to_disclose", "disclose", "hk",
        _undone(Finding, fault="none", confirmed_at=None, disclose_by=None, disclosed_at=None), {},
    ),
    (
        "evidence_missing", "set_wants", "hk", _nothing,
        {"wants": [WANT | {"number": each, "evidence": ""} for each in range(1, 9)]},
    ),
    ("illegal_transition", "judge_remedy", "hk", _nothing, {}),
    ("illegal_transition", "decide_remedy", "hk", _nothing, {}),
    ("illegal_transition", "answer_remedy", "hk", _nothing, {}),
    ("illegal_transition", "deliver_remedy", "hk", _nothing, {}),
    ("illegal_transition", "confirm_remedy", "hk", _nothing, {}),
    (
        "rate_missing", "record_remedy", "hk", _nothing,
        {"estimated_cost": {"amount": "10.00", "currency": "USD"}},
    ),
    ("cost_missing", "decide_remedy", "am", _propose(None), {}),
    ("limit_exceeded", "decide_remedy", "am", _propose(Decimal("300.01")), {}),
    ("limit_exceeded", "decide_remedy", "hk", _propose(Decimal("2000.01")), {}),
    ("limit_exceeded", "decide_remedy", "ex", _propose(Decimal(300)), {}),
    ("goodwill_needs_a_get", "decide_remedy", "am", _propose(Decimal(90), "no"), {}),
    ("not_realistic", "decide_remedy", "am", _propose(Decimal(90), feasible="no"), {}),
    (
        "supplier_is_no_excuse", "decide_remedy", "am", _propose(Decimal(90)),
        {"decision": "decline", "reason": "Our supplier let us down."},
    ),
    ("reason_missing", "decide_remedy", "am", _propose(Decimal(90)), {"decision": "decline"}),
    ("illegal_transition", "agree_make_good", "hk", _nothing, {}),
    ("illegal_transition", "deliver_make_good", "hk", _nothing, {}),
    ("plus_has_no_name", "offer_make_good", "hk", _nothing, {"plus_cost": "5.00"}),
    (
        "prevention_missing", "tell_prevention", "hk",
        lambda complaint: Prevention.objects.all().delete(), {},
    ),
    (
        "prevention_missing", "finish_prevention", "hk",
        lambda complaint: Prevention.objects.all().delete(), {},
    ),
    ("reopen_window_passed", "reopen", "hk", _long_ago, {}),
    ("due_in_the_past", "convert", "hk", lambda complaint: Complaint.objects.update(state="new"),
     {"due_at": PAST}),
]  # fmt: skip
"""Code, verb, who tries, what lacks, and what is told beside the usual."""


@pytest.mark.parametrize(
    ("code", "verb", "role", "arrange", "more"),
    UNMET,
    ids=[f"{code}-{verb}-{role}" for code, verb, role, _arrange, _more in UNMET],
)
def test_each_unmet_condition_is_refused_with_its_code(
    surface, told, ready_of_ours, people, code, verb, role, arrange, more
):
    arrange(ready_of_ours)
    complaint = Complaint.objects.get(pk=ready_of_ours.pk)
    before = all_that_is_stored(complaint)

    answer = surface(people[role]).do(complaint, verb, told[verb] | more)

    assert (answer.status, answer.code) == (409, code)
    assert all_that_is_stored(complaint) == before
