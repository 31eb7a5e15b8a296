"""Who reads what of recovery, over REST and in the forms."""

from decimal import Decimal

import pytest

from accounts import services as accounts
from complaints import services
from complaints.forms import Case
from complaints.forms.findings import FindingsForm
from complaints.forms.remedy import MakeGoodForm
from complaints.forms.wants import WantsForm
from complaints.models import Supplier
from complaints.views.actions import offers
from complaints.views.actions.recovery import RECOVERY


@pytest.fixture
def path(complaint):
    return f"/api/v1/complaints/{complaint.pk}"


@pytest.fixture
def found(complaint, account, manager, head, now):
    """The complaint with findings, a proposal and a make-good; the client brings 18,000 a year."""
    accounts.set_annual_margin(actor=head, account=account, annual_margin=Decimal(18000), now=now)
    supplier = Supplier.objects.create(name="Epsilon Parts")
    services.record_findings(
        actor=manager, complaint=complaint, root_cause="defect", cause_text="A worn cutter.",
        whys=["Worn"], fault="supplier", justified="yes", supplier=supplier, recourse=Decimal(310),
        staff_hours=Decimal("7.5"), now=now,
    )  # fmt: skip
    services.record_remedy(
        actor=manager, complaint=complaint, client_text="Credit the month.",
        estimated_cost=Decimal(180), now=now,
    )  # fmt: skip
    services.offer_make_good(
        actor=head, complaint=complaint, base="A cutter", base_cost=Decimal(640), plus="Paper",
        plus_cost=Decimal(96), credit=Decimal(120), now=now,
    )  # fmt: skip
    return complaint


def test_colleagues_read_how_far_trust_is_won_back(rest, agent, found, path):
    told = rest(agent).get(f"{path}/recovery").json()

    assert (told["finding"]["fault"], told["finding"]["whys"]) == ("supplier", ["Worn"])
    assert (told["remedy"]["state"], told["remedy"]["client_text"]) == (
        "proposed", "Credit the month.",
    )  # fmt: skip
    assert told["make_good"]["base"] == "A cutter"
    assert told["prevention"] is None
    assert [each["code"] for each in told["missing"]][:2] == [
        "disclosure_missing", "apology_missing",
    ]  # fmt: skip
    assert told["cost"] is None
    assert "310" not in str(told)


@pytest.mark.parametrize("role", ["am", "hk", "fi", "ex"])
def test_amounts_are_for_those_who_read_costs(rest, people, found, path, role):
    cost = rest(people[role]).get(f"{path}/recovery").json()["cost"]

    assert (cost["gross"], cost["net"]) == ("1144.75", "834.75")
    assert (cost["annual_margin"], cost["suggested_plus"]) == ("18000.00", "360.00")


def test_before_anything_is_stored_nothing_is_shown(rest, agent, complaint, path):
    told = rest(agent).get(f"{path}/recovery").json()

    assert {name: told[name] for name in ("finding", "remedy", "make_good", "prevention")} == (
        dict.fromkeys(("finding", "remedy", "make_good", "prevention"))
    )


@pytest.mark.parametrize("part", ["recovery", "wants"])
def test_programs_read_none_of_it(program, found, path, part):
    assert program.get(f"{path}/{part}").status_code == 403


def test_no_answer_to_a_program_holds_anything_internal(program, found, path):
    planted = [
        "worn cutter", "Epsilon", "supplier", '"310', '"640', '"18000', "A cutter", "Paper",
    ]  # fmt: skip
    answers = [
        program.get(f"{path}{part}").content.decode() for part in ("", "/messages", "/clocks")
    ]
    answers.append(program.get("/api/v1/audit").content.decode())

    assert [word for word in planted for answer in answers if word in answer] == []


def test_wants_are_read_and_judged_over_rest(rest, agent, complaint, path):
    client = rest(agent)
    before = client.get(f"{path}/wants").json()
    want = {"number": 2, "wanted": "yes", "done": True, "evidence": "She nodded"}

    after = client.post(
        f"{path}/wants", {"wants": [want]}, headers={"If-Match": f'"{complaint.version}"'}
    )

    assert (before["recovery_pct"], before["required"]) == ("0.00", [1, 2, 4, 6])
    assert after.status_code == 200
    assert (after.json()["recovery_pct"], after.json()["done"]) == ("25.00", [2])
    assert after.json()["wants"][1]["evidence"] == "She nodded"


def test_support_only_proposes_over_rest(rest, agent, complaint, path):
    answer = rest(agent).post(
        f"{path}/findings", {"fault": "ours", "justified": "yes"},
        headers={"If-Match": f'"{complaint.version}"'},
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (409, "fault_not_yours")
    assert answer.json()["fields"] == ["fault", "justified"]


@pytest.mark.parametrize(("role", "decides"), [("sa", False), ("am", True), ("hk", True)])
def test_who_only_proposes_has_no_boxes_for_the_fault(complaint, people, now, role, decides):
    case = Case(complaint=complaint, user=people[role], now=now)

    form = FindingsForm(case=case)

    assert ({"fault", "justified", "recourse", "named", "our_share"} <= set(form.fields)) is decides


def test_findings_without_those_boxes_keep_what_was_decided(sign_in, agent, found):
    sign_in(agent).post(
        f"/complaints/{found.pk}/record-findings/",
        {"version": found.version, "root_cause": "damage", "cause_text": "Dropped."},
    )

    found.refresh_from_db()
    case = Case(complaint=found, user=agent, now=found.received_at)
    assert found.root_cause == "damage"
    assert (case.recovery.finding.fault, case.recovery.finding.recourse) == ("supplier", 310)


@pytest.mark.parametrize(("role", "suggests"), [("am", Decimal("360.00")), ("sa", None)])
def test_the_suggested_plus_tells_support_nothing_of_the_margin(
    complaint, account, people, head, now, role, suggests
):
    accounts.set_annual_margin(actor=head, account=account, annual_margin=Decimal(18000), now=now)
    complaint.disputed_value = Decimal(30000)
    complaint.account.refresh_from_db()

    form = MakeGoodForm(case=Case(complaint=complaint, user=people[role], now=now))

    assert form.initial["plus_cost"] == suggests


def test_a_want_that_is_given_anyway_has_nothing_to_tick(complaint, agent, now):
    services.reply(actor=agent, complaint=complaint, body="We come.", now=now)

    form = WantsForm(case=Case(complaint=complaint, user=agent, now=now))

    rows = form.rows()
    assert [row["done"] is None for row in rows] == [number == 4 for number in range(1, 9)]
    assert rows[3]["line"].evidence == "The first answer came in time."


def offered(complaint, user, now):
    case = Case(complaint=complaint, user=user, now=now)
    verbs = [action.verb for action in RECOVERY]
    return {offer.action.verb: str(offer.why_not) for offer in offers(case, verbs)}


def test_only_what_matters_now_is_offered(complaint, head, now):
    assert set(offered(complaint, head, now)) == {
        "record_findings", "let_stand", "confirm_understanding", "set_wants", "apologise",
        "skip_apology", "ask_client", "note_failed_ask", "record_remedy", "offer_make_good",
        "plan_prevention", "lower_priority",
    }  # fmt: skip


def test_a_decision_above_the_limit_says_who_decides(complaint, manager, head, now):
    services.record_remedy(
        actor=manager, complaint=complaint, client_text="A new till", estimated_cost=Decimal(900),
        now=now,
    )  # fmt: skip

    assert offered(complaint, head, now)["decide_remedy"] == ""
    assert offered(complaint, manager, now)["decide_remedy"] == (
        "By what it costs, Head of key accounts decides."
    )


def test_the_resolution_says_what_is_missing_before_it_is_tried(sign_in, manager, in_progress):
    page = sign_in(manager).get(f"/complaints/{in_progress.pk}/").content.decode()

    assert "Find out what happened" in page
    assert "Ask the client what would put it right." in page
