from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Promise
from accounts.services.alert import ReasonMissing
from complaints import services
from complaints.deciding import remedies_to_decide, remedies_to_judge
from complaints.models import Message, Remedy
from complaints.recovery import remedy_of
from complaints.services.asking import RateMissing
from complaints.services.conversation import EmptyMessage
from complaints.services.remedy import (
    CostMissing,
    GoodwillNeedsAGet,
    LimitExceeded,
    NotRealistic,
    SupplierIsNoExcuse,
)
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification, OutgoingMail
from core.operations import SYSTEM
from core.timers import run_due
from tests.complaints.recovery import make_ready
from tests.examples import example

INPUTS, OUTPUTS = example("E3.11")
IN_FIVE_DAYS = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
"""Five business days after Monday, at 18:00 in Sofia."""


@pytest.fixture
def propose(complaint, agent, now):
    """Return a function that records what the client wants; 180.00 unless told otherwise."""

    def propose_one(cost="180.00", **given):
        told = {"client_text": "Credit the month.", "actor": agent, "now": now} | given
        cost = None if cost is None else Decimal(cost)
        return services.record_remedy(complaint=complaint, estimated_cost=cost, **told)

    return propose_one


@pytest.fixture
def decide(complaint, manager, now):
    """Return a function that decides on it; the account manager says yes unless told otherwise."""

    def decide_one(decision="accept", **given):
        told = {"actor": manager, "now": now} | given
        return services.decide_remedy(complaint=complaint, decision=decision, **told)

    return decide_one


@pytest.fixture
def judge(complaint, manager, now):
    """Return a function by which the account manager finds it justified or not."""

    def judge_one(justified):
        services.record_findings(
            actor=manager, complaint=complaint, root_cause="", cause_text="", whys=[],
            fault="none", justified=justified, now=now,
        )  # fmt: skip

    return judge_one


def letters(complaint):
    mails = OutgoingMail.objects.filter(to=complaint.contact.email).order_by("id")
    return [mail.body for mail in mails]


def test_the_question_goes_out_in_the_clients_language_and_is_an_answer(complaint, agent, now):
    remedy = services.ask_client(actor=agent, complaint=complaint, note="She was calm", now=now)

    assert (remedy.state, remedy.asked_at, remedy.asked_by) == ("asked", now, agent)
    assert letters(complaint)[-1].startswith("Какво бихте искали да направим")
    assert complaint.clocks.get(metric="first_response").state == "met"
    assert complaint.messages.get(kind="note").body == "She was calm"


def test_asked_by_phone_it_is_only_recorded(complaint, agent, now):
    services.ask_client(actor=agent, complaint=complaint, channel="phone", now=now)

    assert len(letters(complaint)) == 1  # the acknowledgement
    assert complaint.messages.get(kind="reply").channel == "phone"


def test_two_attempts_in_vain_are_documented(complaint, agent, now):
    for number in (1, 2):
        remedy = services.note_failed_ask(
            actor=agent, complaint=complaint, note=f"No answer {number}", now=now
        )
        assert remedy.tries == number

    assert complaint.messages.filter(kind="note").count() == 2
    with pytest.raises(ReasonMissing):
        services.note_failed_ask(actor=agent, complaint=complaint, note=" ", now=now)


def test_what_the_client_wants_reaches_the_lead(propose, complaint, manager, now):
    remedy = propose()

    assert (remedy.state, remedy.proposed_at, remedy.estimated_cost) == ("proposed", now, 180)
    assert remedy.asked_at == now
    heard = Notification.objects.filter(entry__verb="complaints.record_remedy")
    assert [each.recipient for each in heard] == [manager]


@pytest.mark.parametrize(
    ("cost", "hears"), [("300", []), ("300.01", ["hk"]), ("2000", ["hk"]), ("2000.01", ["ex"])]
)
def test_who_decides_on_more_hears_of_it_too(propose, people, manager, cost, hears):
    propose(cost)

    heard = Notification.objects.filter(entry__verb="complaints.record_remedy")
    assert {each.recipient for each in heard} == {manager, *(people[role] for role in hears)}


def test_the_client_may_write_it_himself(complaint, now):
    remedy = services.record_remedy(
        actor=SYSTEM, complaint=complaint, client_text="Come today.", now=now
    )

    entry = AuditEntry.objects.get(verb="complaints.record_remedy")
    assert entry.details == {"by": "client", "via": "page"}
    said = Message.objects.get(complaint=complaint, kind="client")
    assert (said.body, said.author, said.channel) == ("Come today.", None, "portal")
    assert remedy.state == "proposed"


def test_another_currency_is_kept_with_its_rate(propose, complaint):
    with pytest.raises(RateMissing):
        propose("100.00", currency="USD")

    remedy = propose("100.00", currency="USD", rate=Decimal("0.91555"))

    assert remedy.estimated_cost == Decimal("91.56")
    assert (remedy.original_cost, remedy.original_currency) == (100, "USD")
    assert remedy.original_rate == Decimal("0.91555")
    own = propose("100.00", currency=complaint.account.currency)
    assert (own.estimated_cost, own.original_cost, own.original_currency) == (100, None, "")


def test_yes_is_a_promise_with_a_date_and_a_letter(propose, decide, complaint, manager):
    propose()

    remedy = decide()

    assert (remedy.state, remedy.decided_by) == ("accepted", manager)
    promise = Promise.objects.get(kind="remedy")
    assert (promise.due_at, promise.made_by, promise.subject_id) == (
        IN_FIVE_DAYS, manager, complaint.pk,
    )  # fmt: skip
    assert "9 март, 18:00" in letters(complaint)[-1]


def test_delivering_keeps_the_promise_and_the_client_confirms(
    propose, decide, complaint, agent, now
):
    propose()
    decide(due_at=now + timedelta(days=2))

    services.deliver_remedy(actor=agent, complaint=complaint, now=now + timedelta(days=1))
    remedy = services.confirm_remedy(actor=SYSTEM, complaint=complaint, now=now + timedelta(days=2))

    promise = Promise.objects.get(kind="remedy")
    assert (promise.state, promise.due_at) == ("kept", now + timedelta(days=2))
    assert (remedy.state, remedy.confirmed_at) == ("confirmed", now + timedelta(days=2))


@pytest.mark.parametrize(
    ("case", "told"), list(zip(INPUTS["cases"], OUTPUTS["routes"], strict=True)), ids=str
)
def test_e3_11_yes_is_said_by_whom_the_route_names(
    propose, decide, judge, complaint, people, agent, now, case, told
):
    judge(case["justified"])
    propose(case["cost"])
    if not case["feasible"]:
        services.judge_remedy(
            actor=agent, complaint=complaint, feasible="no", how="No such part", now=now
        )
    roles = {"account_manager": "am", "head_of_kam": "hk", "executive": "ex"}

    said = {}
    for approver, role in roles.items():
        try:
            decide(actor=people[role])
        except (LimitExceeded, GoodwillNeedsAGet, NotRealistic) as refusal:
            said[approver] = refusal.code
        else:
            said[approver] = "accepted"
            break

    by_route = {
        "accept_recommended": {told["approver"]: "accepted"},
        "goodwill_needs_a_get": {"account_manager": "goodwill_needs_a_get"},
        "counter_or_decline": dict.fromkeys(roles, "not_realistic"),
    }[told["decision"]]
    assert by_route.items() <= said.items()
    lower = list(roles)[: list(roles).index(told["approver"])] if told["approver"] else []
    assert {said[each] for each in lower} <= {"limit_exceeded"}


def test_above_the_limit_it_waits_for_who_decides(propose, decide, complaint, head, people):
    propose("1450.00")

    with pytest.raises(LimitExceeded) as refusal:
        decide()

    assert "Head of key accounts decides" in str(refusal.value.sentence)
    assert refusal.value.facts == {"decides": ["hk"]}
    assert remedy_of(complaint).state == "proposed"
    assert [each.complaint for each in remedies_to_decide(head)] == [complaint]
    assert not remedies_to_decide(people["am"]).exists()
    assert decide(actor=head).state == "accepted"


WAITING = {
    ("180", "yes"): {"am"},
    ("300", "yes"): {"am"},
    ("301", "yes"): {"hk"},
    ("2001", "yes"): {"ex"},
    ("90", "no"): {"am", "hk"},
    (None, "yes"): {"am"},
}


@pytest.mark.parametrize(("cost", "justified"), WAITING, ids=str)
def test_each_proposal_stands_in_the_list_of_who_may_decide(
    propose, judge, people, stranger, cost, justified
):
    judge(justified)
    propose(cost)

    seen = {role for role, user in people.items() if remedies_to_decide(user).exists()}

    assert seen == WAITING[cost, justified]
    assert not remedies_to_decide(stranger).exists()


def test_what_cannot_be_done_waits_for_the_account_manager(propose, complaint, agent, people, now):
    propose("5000")
    services.judge_remedy(actor=agent, complaint=complaint, feasible="no", how="Gone", now=now)

    seen = {role for role, user in people.items() if remedies_to_decide(user).exists()}

    assert seen == {"am"}


def test_the_technician_is_asked_whether_it_can_be_done(
    propose, complaint, technician, agent, manager, now
):
    services.assign(actor=agent, complaint=complaint, assignee=technician, lead=manager, now=now)
    propose(None)
    asked = list(remedies_to_judge(technician))

    remedy = services.judge_remedy(
        actor=technician, complaint=complaint, feasible="yes", how="On Friday",
        estimated_cost=Decimal(80), now=now,
    )  # fmt: skip

    assert [each.complaint for each in asked] == [complaint]
    assert not remedies_to_judge(technician).exists()
    assert not remedies_to_judge(manager).exists()
    assert (remedy.feasible_by, remedy.estimated_cost) == (technician, 80)


def test_nobody_says_yes_to_what_nobody_has_estimated(propose, decide):
    propose(None)

    with pytest.raises(CostMissing):
        decide()


def test_an_account_manager_gives_no_presents_but_a_head_may(propose, decide, judge, head):
    judge("no")
    propose("90")

    with pytest.raises(GoodwillNeedsAGet):
        decide()

    assert decide(actor=head).state == "accepted"


@pytest.mark.parametrize("decision", ["counter", "decline"])
def test_no_needs_a_reason_that_the_client_is_told(propose, decide, complaint, decision):
    propose()

    with pytest.raises(ReasonMissing):
        decide(decision, counter_text="Half of it.")

    remedy = decide(decision, reason="The till was in use.", counter_text="Half of it.")

    assert remedy.decision_reason == "The till was in use."
    told = letters(complaint)[-1]
    assert "The till was in use." in told
    assert ("Half of it." in told) is (decision == "counter")


def test_something_else_must_be_something(propose, decide):
    propose()

    with pytest.raises(EmptyMessage):
        decide("counter", reason="It is too late for that.")


@pytest.mark.parametrize("decision", ["counter", "decline"])
def test_a_supplier_is_no_excuse(propose, decide, complaint, decision):
    propose()

    with pytest.raises(SupplierIsNoExcuse) as refusal:
        decide(decision, reason="Our supplier let us down.", counter_text="Next week.")

    assert refusal.value.facts["phrases"]
    assert remedy_of(complaint).state == "proposed"


def test_the_client_takes_our_offer_or_asks_again(propose, decide, complaint, agent, now):
    propose()
    decide("counter", reason="It is sold out.", counter_text="A newer one.")

    asked = services.answer_remedy(
        actor=SYSTEM, complaint=complaint, answer="ask_again", words="Too late for us", now=now
    )
    state, words = asked.state, asked.client_answer
    propose("100")
    decide("counter", reason="It is sold out.", counter_text="A newer one.")
    taken = services.answer_remedy(
        actor=agent, complaint=complaint, answer="accept", words="Fine", now=now
    )

    assert (state, words) == ("asked", "Too late for us")
    assert taken.state == "accepted"
    assert Promise.objects.filter(kind="remedy").count() == 1


def test_heads_hear_of_what_nobody_decides_within_a_business_day(propose, head, manager, now):
    propose()

    for _again in range(2):
        run_due(now + timedelta(days=1, seconds=1))

    heard = Notification.objects.filter(entry__verb="complaints.remind_remedy")
    assert {each.recipient for each in heard} == {head, manager}
    assert heard.count() == 2


def test_what_is_decided_reminds_nobody(propose, decide, now):
    propose()
    decide()

    run_due(now + timedelta(days=9))

    assert not AuditEntry.objects.filter(verb="complaints.remind_remedy").exists()


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("judge_remedy", {"feasible": "yes", "how": "Easily"}),
        ("decide_remedy", {"decision": "accept"}),
        ("answer_remedy", {"answer": "accept", "words": ""}),
        ("deliver_remedy", {}),
        ("confirm_remedy", {}),
    ],
)
def test_no_step_comes_before_its_time(complaint, head, now, service, told):
    with pytest.raises(InvalidTransition) as refusal:
        getattr(services, service)(actor=head, complaint=complaint, now=now, **told)

    assert refusal.value.facts["allowed"] == ["ask_client", "note_failed_ask", "record_remedy"]
    assert not Remedy.objects.exists()


def test_support_does_not_decide(propose, decide, agent):
    propose()

    with pytest.raises(PermissionDenied):
        decide(actor=agent)


def test_where_all_stood_still_the_client_is_asked_with_the_resolution(log, manager, now):
    complaint = log(impact=1, urgency=1)
    services.triage(
        actor=manager, complaint=complaint, impact=1, urgency=1, category="quality", safety=False,
        assignee=manager, lead=manager, now=now,
    )  # fmt: skip
    make_ready(complaint, manager, now)

    services.resolve_complaint(
        actor=manager, complaint=complaint, resolution_type="fixed", resolution="It runs.", now=now
    )

    assert (remedy_of(complaint).state, remedy_of(complaint).asked_at) == ("asked", now)
    assert "It runs.\n\nКакво бихте искали" in letters(complaint)[-1]
    assert complaint.resolution == "It runs."
    assert services.record_remedy(
        actor=manager, complaint=complaint, client_text="A visit", now=now
    ).state == "proposed"  # fmt: skip
