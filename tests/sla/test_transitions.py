"""Every verb from every state, by service and over REST alike."""

from dataclasses import replace

import pytest
from rest_framework.test import APIClient

from core.errors import InvalidTransition
from core.models import AuditEntry
from sla import services
from sla.models import Contract
from sla.services import Terms
from sla.transitions import allowed_now
from tests.factories import ContractFactory

TODAY = "2026-03-02"
LEGAL = {
    "draft": {"approve": "draft", "edit": "draft", "propose": "proposed", "withdraw": "withdrawn"},
    "proposed": {
        "agree": "agreed", "negotiate": "negotiating", "revise": "proposed",
        "withdraw": "withdrawn",
    },
    "negotiating": {"agree": "agreed", "revise": "negotiating", "withdraw": "withdrawn"},
    "agreed": {"record_signature": "agreed", "sign": "agreed", "terminate": "terminated"},
    "active": {"renew": "active", "terminate": "terminated"},
    "expiring": {"renew": "expiring", "terminate": "terminated"},
    "renewed": {},
    "expired": {"renew": "expired"},
    "terminated": {},
    "withdrawn": {},
    "replaced": {},
}  # fmt: skip
"""State → verb → the state after it."""
GIVEN = {
    "approve": {"kind": "tighter"},
    "edit": {"notice_days": 45},
    "propose": {},
    "negotiate": {"note": "They want mornings too."},
    "revise": {},
    "agree": {},
    "sign": {"signed_on": TODAY},
    "record_signature": {"signed_by": "Rada Lipova", "signed_on": TODAY},
    "renew": {},
    "terminate": {"reason": "They left the group."},
    "withdraw": {"reason": "Drafted for the wrong client."},
}
NEW_ROWS = {"revise", "renew"}
HOUSE, FAST = {("p2", "resolution"): 480}, {("p2", "resolution"): 240}


def by_service(verb, contract, actor, now):
    """Call the service; return what it refused with, or None."""
    given = dict(GIVEN[verb])
    if verb == "edit":
        given = {"terms": replace(Terms.of(contract), **given)}
    if "signed_on" in given:
        given["signed_on"] = now.date()
    name = verb if verb == "record_signature" else f"{verb}_contract"
    try:
        getattr(services, name)(actor=actor, contract=contract, now=now, **given)
    except InvalidTransition as refusal:
        return refusal.facts["allowed"]
    return None


def over_rest(verb, contract, actor, now):
    """Call REST; return what it refused with, or None."""
    program = APIClient()
    program.force_login(actor)
    path = f"/api/v1/sla-contracts/{contract.pk}"
    call = program.patch if verb == "edit" else program.post
    action = "" if verb == "edit" else f"/{verb.replace('_', '-')}"
    answer = call(path + action, GIVEN[verb], headers={"If-Match": '"1"'})
    if answer.status_code == 409:
        assert answer.json()["code"] == "illegal_transition"
        return answer.json()["allowed"]
    assert answer.status_code == (201 if verb in NEW_ROWS else 200), answer.content
    return None


def rows():
    return list(Contract.objects.order_by("revision").values())


@pytest.mark.parametrize("call", [by_service, over_rest])
@pytest.mark.parametrize("verb", GIVEN)
@pytest.mark.parametrize("state", Contract.State.values)
def test_a_legal_step_changes_the_contract_and_any_other_changes_nothing(
    account, head, now, state, verb, call
):
    targets = FAST if verb == "approve" else HOUSE
    contract = ContractFactory(account=account, state=state, targets=targets)
    before = rows()

    refused = call(verb, contract, head, now)

    contract.refresh_from_db()
    if verb in LEGAL[state]:
        assert refused is None
        assert contract.state == LEGAL[state][verb]
        assert AuditEntry.objects.filter(verb=f"sla.{verb}").count() == 1
        assert (len(rows()) == 2) is (verb in NEW_ROWS)
    else:
        assert refused == sorted(LEGAL[state]) == allowed_now(contract)
        assert rows() == before
        assert not AuditEntry.objects.exists()


def test_a_signature_is_given_once(account, head, now):
    contract = ContractFactory(account=account, state="agreed")

    by_service("sign", contract, head, now)

    assert by_service("sign", contract, head, now) == ["record_signature", "terminate"]
