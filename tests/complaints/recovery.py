"""The least that makes a complaint ready to be resolved."""

from complaints import services
from complaints.models import Finding, Remedy
from complaints.recovery import recovery_of
from complaints.services import WantInput


def make_ready(complaint, actor, now, *, fault="none", justified="no", **findings):
    """Do what the guards ask for and nobody has done yet; no letter goes out, no clock stops.

    actor -- may decide on the complaint: its account manager or a head.
    """
    recovery = recovery_of(complaint)
    if not recovery.finding.is_settled:
        told = {"root_cause": complaint.root_cause, "cause_text": "", "whys": []} | findings
        services.record_findings(
            actor=actor, complaint=complaint, fault=fault, justified=justified, now=now, **told
        )
    if recovery.owes_apology:
        services.skip_apology(actor=actor, complaint=complaint, reason="Said by phone", now=now)
    while not _may_go_unasked(complaint):
        services.note_failed_ask(actor=actor, complaint=complaint, note="No answer", now=now)
    _tell_own_mistake(complaint, actor, now)
    _prevent(complaint, actor, now)
    _give_all_wants(complaint, actor, now)
    return complaint


def _may_go_unasked(complaint):
    remedy = recovery_of(complaint).remedy
    return remedy.state != Remedy.State.NOT_ASKED or remedy.tries >= 2 or complaint.priority == "p1"


def _tell_own_mistake(complaint, actor, now):
    finding = recovery_of(complaint).finding
    if finding.confirmed_at and finding.disclosed_at is None:
        services.disclose(
            actor=actor, complaint=complaint, body="It was our mistake.", channel="phone", now=now
        )


def _prevent(complaint, actor, now):
    recovery = recovery_of(complaint)
    if recovery.finding.justified != Finding.Justified.NO and recovery.prevention is None:
        services.plan_prevention(
            actor=actor, complaint=complaint, text="Each batch is tested.", owner=actor,
            due_date=now.date(), now=now,
        )  # fmt: skip


def _give_all_wants(complaint, actor, now):
    recovery = recovery_of(complaint)
    if recovery.needs_all_wants and not recovery.completeness.is_whole:
        given = {
            number: WantInput("yes", done=True, evidence="Said by phone")
            for number in recovery.completeness.missing
        }
        services.set_wants(actor=actor, complaint=complaint, wants=given, now=now)
