"""How contracts were kept: month by month, the pack for a review, the reviews that were held."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.views.common import form_page, found, shows_form
from core.pages import Request, go_to, render_page, submit
from core.paging import page_of
from core.paper import render as printed
from sla import services
from sla.credit_facts import month_text
from sla.forms.review import HoldReviewForm, PackForm
from sla.kept_months import counted_clocks, counted_lines, kept_months
from sla.models import Contract, Metric
from sla.queries import contract_list, local_day, review_list
from sla.review_figures import ReviewPack
from sla.review_pack import months_to_review, review_pack
from sla.review_page import pack_page
from sla.review_paper import paper_of
from sla.spans import Month

MOST_MONTHS = 24


@require_GET
def attainment(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_list(request.user), pk)
    context = {"contract": contract, "kept": kept_months(contract, request.user)}
    return render_page(request, "sla/attainment.html", context, fragment="table")


@require_GET
def counted(request: Request, pk: UUID, month: date, metric: str) -> HttpResponse:
    """List the clocks behind one figure."""
    contract = found(request.user, contract_list(request.user), pk)
    if metric not in Metric.values:
        raise Http404
    clocks = counted_clocks(contract, Month.of(month), metric, request.user)
    page = page_of(request, clocks, "rank", "promised_at", "id")
    context = {
        "contract": contract,
        "metric": Metric(metric),
        "month": month_text(month),
        "page": page,
        "lines": counted_lines(page.rows),
    }
    return render_page(request, "sla/counted.html", context, fragment="rows")


@require_GET
def pack(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_list(request.user), pk)
    chosen = chosen_pack(request, contract)
    may_hold = request.user.has_perm("sla.hold_review", contract)
    context = {"contract": contract, "may_hold": may_hold, "form": _months_form(chosen)}
    return render_page(
        request, "sla/review_pack.html", context | pack_page(chosen), fragment="pack"
    )


def chosen_pack(request: Request, contract: Contract) -> ReviewPack:
    """Return the pack over the months that the address asks for, if they make sense."""
    wanted = [request.GET.get(name, "") for name in ("first_month", "last_month")]
    first, last = (_month(told) for told in wanted)
    return review_pack(contract, request.user, first=first, last=last)


def _month(told: str) -> Month | None:
    try:
        return Month.of(date.fromisoformat(told)) if told else None
    except ValueError:
        raise Http404 from None


def _months_form(chosen: ReviewPack) -> PackForm:
    ends = [month.first for month in (*chosen.months[:1], *chosen.months[-1:])]
    names = ("first_month", "last_month")
    return PackForm(months=list(chosen.closed), initial=dict(zip(names, ends, strict=False)))


@require_GET
def pdf(request: Request, pk: UUID) -> HttpResponse:
    """Return the pack as a PDF in the client's language."""
    contract = found(request.user, contract_list(request.user), pk)
    name = f"{contract.no.replace('/', '-')}-review.pdf"
    return HttpResponse(
        printed(paper_of(chosen_pack(request, contract), timezone.now())),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@shows_form
def hold(request: Request, pk: UUID) -> HttpResponse:
    contract = found(request.user, contract_list(request.user), pk, "sla.hold_review")
    now = timezone.now()
    today = local_day(contract.account, now)
    closed, suggested = months_to_review(contract)
    initial = {"version": contract.version, "held_on": today}
    if suggested:
        initial |= {"first_month": suggested[0].first, "last_month": suggested[-1].first}
    months = _months(min([*closed, Month.of(contract.starts_on)]), Month.of(today))
    form = HoldReviewForm(request.POST or None, months=months, initial=initial)
    if review := submit(request, form, services.hold_review, contract=contract, now=now):
        return go_to(request, "sla:review", review.pk, says=_("The review is recorded."))
    return form_page(
        request,
        form,
        ("sla:detail", pk),
        title=_("Record a review of %(no)s") % {"no": contract.no},
        submit=_("Record the review"),
        subtitle=_("What %(account)s and we said about how the contract was kept.")
        % {"account": contract.account.name},
    )


def _months(first: Month, this: Month) -> list[Month]:
    """Return the months that a review may look at: those of the last two years."""
    return max(min(first, this), this.later(1 - MOST_MONTHS)).until(this)


@require_GET
def review(request: Request, pk: UUID) -> HttpResponse:
    row = found(request.user, review_list(request.user), pk)
    context = {"review": row, "contract": row.contract}
    return render_page(request, "sla/review.html", context, fragment="main")
