"""How far trust is won back with one complaint: read whole, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Promise, Touch
from complaints.costs import Cost
from complaints.deciding import route_of
from complaints.models import (
    Apology,
    Complaint,
    Finding,
    MakeGood,
    Pressure,
    Prevention,
    Remedy,
    Want,
)
from complaints.plus import suggested_plus
from complaints.remedy_route import Route
from complaints.rules import UNHAPPY
from complaints.wants import Completeness, completeness
from core.errors import Sentence
from core.models import User
from sla.models import Clock, Metric, Priority

URGENT: Final = (Priority.P1, Priority.P2)
APOLOGISED_TO: Final = (Priority.P1, Priority.P2, Priority.P3)
FREE: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantLine:
    """One of the eight wants. evidence -- in words; is_automatic -- it follows from what was done."""

    number: int
    label: Sentence
    wanted: str
    done: bool
    evidence: Sentence
    is_required: bool
    is_automatic: bool
    stored: Want | None


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """What was found out, said, asked and done for one complaint.

    finding, remedy -- blank rows while nothing is stored. make_good, prevention -- None then.
    evidence -- what is given without anybody ticking it: words by the number of the want.
    has_hurt -- the contact was in a bad mood since the complaint came.
    """

    complaint: Complaint
    finding: Finding
    remedy: Remedy
    prevention: Prevention | None
    make_good: MakeGood | None
    apologies: Sequence[Apology]
    stored_wants: Mapping[int, Want]
    evidence: Mapping[int, Sentence]
    has_hurt: bool

    @cached_property
    def wants(self) -> list[WantLine]:
        """All eight, in their order."""
        owed = self.completeness.required
        return [
            WantLine(
                number=number.value,
                label=number.label,
                wanted=self._wanted.get(number, Want.Wanted.UNKNOWN),
                done=number in self._done,
                evidence=self._evidence_of(number),
                is_required=number in owed,
                is_automatic=number in self.evidence,
                stored=self.stored_wants.get(number),
            )
            for number in Want.Number
        ]

    @cached_property
    def completeness(self) -> Completeness:
        return completeness(self._wanted, self._done)

    @property
    def needs_all_wants(self) -> bool:
        """Whether nothing may be missing; of what is less grave it is only told (C-7)."""
        return self.complaint.priority in URGENT

    @property
    def owes_apology(self) -> bool:
        """Whether we must say that we are sorry, and neither have nor said why not (C-4)."""
        is_due = self.complaint.priority in APOLOGISED_TO or self.has_hurt
        return is_due and not self.apologies and not self.complaint.no_apology_reason

    @property
    def tell_by(self) -> datetime | None:
        """By when the client must hear that the mistake is ours; None if he has, or it is not."""
        return None if self.finding.disclosed_at else self.finding.disclose_by

    @property
    def route(self) -> Route:
        return route_of(self.remedy, self.finding)

    @property
    def is_justified(self) -> bool:
        """Whether the client is right, as far as we know: only a clear no is a no."""
        return self.finding.justified != Finding.Justified.NO

    @property
    def lacks_plus(self) -> bool:
        """Whether nothing extra is given for a justified complaint (C-10)."""
        return self.is_justified and not (self.make_good and self.make_good.has_plus)

    @property
    def _wanted(self) -> dict[int, str]:
        return {number: row.wanted for number, row in self.stored_wants.items()}

    @property
    def _done(self) -> set[int]:
        return {number for number, row in self.stored_wants.items() if row.done} | set(
            self.evidence
        )

    def _evidence_of(self, number: int) -> Sentence:
        row = self.stored_wants.get(number)
        return (row and row.evidence) or self.evidence.get(number, "")


def recovery_of(complaint: Complaint) -> Recovery:
    """Read all of it; a complaint more or less costs no query more."""
    prevention = Prevention.objects.filter(complaint=complaint).select_related("owner").first()
    apologies = list(Apology.objects.filter(complaint=complaint).select_related("by"))
    stored = Want.objects.filter(complaint=complaint).select_related("by")
    return Recovery(
        complaint=complaint,
        finding=finding_of(complaint),
        remedy=remedy_of(complaint),
        prevention=prevention,
        make_good=_stored_make_good(complaint),
        apologies=apologies,
        stored_wants={row.number: row for row in stored},
        evidence=_evidence(complaint, prevention, apologies),
        has_hurt=_has_hurt(complaint),
    )


def finding_of(complaint: Complaint) -> Finding:
    """Return what was found out; a blank row that is not stored yet while nothing was."""
    rows = Finding.objects.filter(complaint=complaint).select_related("supplier", "named")
    return rows.first() or Finding(complaint=complaint)


def prevention_of(complaint: Complaint) -> Prevention:
    return Prevention.objects.filter(complaint=complaint).first() or Prevention(complaint=complaint)


def remedy_of(complaint: Complaint) -> Remedy:
    rows = Remedy.objects.filter(complaint=complaint).select_related("decided_by")
    return rows.first() or Remedy(complaint=complaint)


def make_good_of(complaint: Complaint) -> MakeGood:
    return _stored_make_good(complaint) or MakeGood(complaint=complaint)


def _stored_make_good(complaint: Complaint) -> MakeGood | None:
    rows = MakeGood.objects.filter(complaint=complaint)
    return rows.select_related("proposed_by", "agreed_by").first()


def _evidence(
    complaint: Complaint, prevention: Prevention | None, apologies: Sequence[Apology]
) -> dict[int, Sentence]:
    """Return what follows from what was done: heard, prompt, assured (3.4)."""
    first, contacts = _first_response(complaint), _contacts_kept(complaint)
    found: dict[int, Sentence] = {}
    if complaint.understood_at is not None:
        found[Want.Number.HEARD] = _("The client confirmed that we had understood.")
    if first is not None and first.state == Clock.State.MET:
        found[Want.Number.PROMPT] = _("The first answer came in time.")
    elif first is not None and _made_up_for(first, apologies, contacts):
        found[Want.Number.PROMPT] = _(
            "We apologised for the delay and kept the time agreed after it."
        )
    if prevention is not None and prevention.told_at is not None:
        found[Want.Number.ASSURED] = _("The client was told what stops it from happening again.")
    return found


def _first_response(complaint: Complaint) -> Clock | None:
    first = Clock.objects.about(complaint).filter(metric=Metric.FIRST_RESPONSE, cycle=1)
    return first.first()


def _contacts_kept(complaint: Complaint) -> list[Promise]:
    kept = Promise.objects.about(complaint).filter(kind=Promise.Kind.NEXT_CONTACT)
    return list(kept.filter(state=Promise.State.KEPT))


def _made_up_for(first: Clock, apologies: Sequence[Apology], contacts: Sequence[Promise]) -> bool:
    """Say whether a late first answer came with an apology and a new time that was kept."""
    late = first.breached_at
    if late is None:
        return False
    return any(each.at >= late for each in apologies) and any(
        each.made_at >= late for each in contacts
    )


def _has_hurt(complaint: Complaint) -> bool:
    touches = Touch.objects.filter(
        contacts=complaint.contact_id, sentiment__lte=UNHAPPY, at__gte=complaint.received_at
    )
    return touches.exists()


def suggestion_for(complaint: Complaint) -> Decimal:
    """Return the amount that the rule suggests for the plus, in the account's currency."""
    return suggested_plus(complaint.disputed_value, complaint.account.annual_margin)


def demands_of(complaint: Complaint, remedy: Remedy) -> str:
    """Return all that the client has asked for: what he proposed, and under pressure (C-10)."""
    pressed = Pressure.objects.filter(complaint=complaint).values_list("words", flat=True)
    return "\n".join([remedy.client_text, *pressed])


def cost_of(complaint: Complaint) -> Cost:
    """Return what this failure cost us, only for those who read COST (C-11)."""
    good, finding = _stored_make_good(complaint), finding_of(complaint)
    given = good if good and good.state != MakeGood.State.PROPOSED else MakeGood()
    return Cost(
        base=given.base_cost,
        plus=given.plus_cost,
        credit=given.credit,
        staff_hours=finding.staff_hours or FREE,
        staff_rate=settings.STAFF_HOUR_RATE,
        recourse=finding.recourse or FREE,
    )


def reads_cost(user: User, complaint: Complaint) -> bool:
    """Say whether the person reads what the case costs and what we earn with the client."""
    return Account.objects.in_cost_of(user).filter(pk=complaint.account_id).exists()
