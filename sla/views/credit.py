"""Credits: the list, how one was computed, and what becomes of it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.views.common import form_page, found, shows_form
from core.errors import Sentence
from core.pages import Request, act, go_to, render_page, submit
from core.paging import page_of
from sla import services
from sla.credit_facts import month_text
from sla.credit_story import credit_story
from sla.forms.credit import CreditFilterForm, ExcludeForm, IssueForm, WaiveForm
from sla.letters import addressee, credit_letter
from sla.models import Clock, Credit
from sla.models.attainment import CreditQuerySet
from sla.queries import clock_detail, credit_list, credits_to_settle
from sla.services.credit import POSSIBLE
from sla.subjects import facts_of

TO_SETTLE_FIRST = Case(
    When(state=Credit.State.PROPOSED, then=Value(0)),
    When(state=Credit.State.APPROVED, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
NEXT: Final[dict[str, Sentence]] = {
    Credit.State.PROPOSED: gettext_lazy("Finance approves the amount, which nobody can change."),
    Credit.State.APPROVED: gettext_lazy(
        "The account manager writes to the client: what he gets back, and what we changed."
    ),
}


@require_GET
def index(request: Request) -> HttpResponse:
    form = CreditFilterForm(request.GET, user=request.user)
    form.is_valid()
    rows = _chosen(request, form.cleaned_data).annotate(rank=TO_SETTLE_FIRST)
    context = {"form": form, "page": page_of(request, rows, "rank", "-month", "-id")}
    return render_page(request, "sla/credits.html", context, fragment="rows")


def _chosen(request: Request, wanted: dict[str, Any]) -> CreditQuerySet:
    rows = credits_to_settle(request.user) if wanted.get("mine") else credit_list(request.user)
    return rows.filter(**{name: wanted[name] for name in ("state", "month") if wanted.get(name)})


@require_GET
def detail(request: Request, pk: UUID) -> HttpResponse:
    credit = found(request.user, credit_list(request.user), pk)
    context = {
        "credit": credit,
        "title": _("Credit for %(month)s") % {"month": month_text(credit.month)},
        "story": credit_story(credit),
        "next": NEXT.get(credit.state, ""),
        **_possible(request, credit),
    }
    return render_page(request, "sla/credit.html", context, fragment="main")


def _possible(request: Request, credit: Credit) -> dict[str, bool]:
    """Return what the person may do to the credit in its state."""
    possible = POSSIBLE.get(Credit.State(credit.state), [])
    return {
        f"may_{verb.removesuffix('_credit')}": request.user.has_perm(f"sla.{verb}", credit)
        for verb in possible
    }


@require_POST
def approve(request: Request, pk: UUID) -> HttpResponse:
    credit = found(request.user, credit_list(request.user), pk)
    act(request, services.approve_credit, credit=credit, now=timezone.now())
    return go_to(request, "sla:credit", pk, says=_("Approved. Now the client must hear of it."))


@shows_form
def issue(request: Request, pk: UUID) -> HttpResponse:
    """Write to the client. Asked by htmx, show the letter as it reads with the words typed so far."""
    credit = found(request.user, credit_list(request.user), pk, "sla.issue_credit")
    contact = addressee(credit.account)
    typed = request.POST.get("change") or request.GET.get("change", "")
    form = IssueForm(
        request.POST or None,
        contact=contact,
        initial={"version": credit.version, "change": typed},
    )
    if submit(request, form, services.issue_credit, credit=credit, now=timezone.now()):
        return go_to(request, "sla:credit", pk, says=_("The letter is on its way."))
    context = {
        "form": form,
        "credit": credit,
        "contact": contact,
        "letter": credit_letter(credit, contact, typed or "…") if contact else None,
    }
    fragment = "form" if request.method == "POST" else "letter"
    return render_page(request, "sla/issue_credit.html", context, fragment=fragment)


@shows_form
def waive(request: Request, pk: UUID) -> HttpResponse:
    credit = found(request.user, credit_list(request.user), pk, "sla.waive_credit")
    form = WaiveForm(request.POST or None, initial={"version": credit.version})
    if submit(request, form, services.waive_credit, credit=credit, now=timezone.now()):
        return go_to(request, "sla:credit", pk, says=_("Recorded. Nothing is credited."))
    return form_page(
        request,
        form,
        ("sla:credit", pk),
        title=_("The client waives the credit"),
        submit=_("Record the waiver"),
        subtitle=_("Only %(account)s can waive the credit for %(month)s, and only in writing.")
        % {"account": credit.account.name, "month": month_text(credit.month)},
    )


@shows_form
def exclude(request: Request, pk: UUID) -> HttpResponse:
    clock = found(request.user, clock_detail(request.user), pk, "sla.exclude")
    form = ExcludeForm(request.POST or None, clock=clock)
    if submit(request, form, services.exclude_clock, clock=clock, now=timezone.now()):
        return go_to(request, "sla:explain", pk, says=_("It no longer counts against us."))
    return form_page(
        request,
        form,
        ("sla:explain", pk),
        title=_("Leave a missed deadline out of the figures"),
        submit=_("Leave it out"),
        subtitle=_("“%(metric)s” of %(case)s. The reasons are those that the contract names.")
        % {"metric": clock.get_metric_display(), "case": _case(clock)},
    )


def _case(clock: Clock) -> str:
    return facts_of([clock])[clock.subject_id].label
