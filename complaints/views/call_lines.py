"""Calls with the form that records them, for the list of calls and for the page of a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Promise
from complaints.calls import Call, calls_of, recordable_by
from complaints.forms import CallbackForm, Case
from complaints.models import Complaint
from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """call -- None where three calls were in vain, a letter is out, and the client may answer yet.

    form -- None for those who may not record it.
    """

    call: Call | None
    complaint: Complaint
    form: CallbackForm | None
    post_url: str

    @property
    def promise(self) -> Promise:
        """Return what is owed; only of a line with a call."""
        assert self.call is not None  # noqa: S101 -- lines of promises have a call
        return self.call.promise


def lines_of(
    promises: Iterable[Promise], user: User, now: datetime, *, back: str = ""
) -> list[CallLine]:
    """Return a line for each call, with a fixed number of queries."""
    calls = calls_of(list(promises), user, now)
    open_to_me = recordable_by(user, [call.complaint for call in calls])
    lines = []
    for call in calls:
        case = Case(complaint=call.complaint, user=user, now=now)
        may_record = call.complaint.pk in open_to_me and not call.is_barred
        form = CallbackForm(case=case, call=call.promise) if may_record else None
        url = post_url(call.complaint, call.promise, back=back)
        lines.append(CallLine(call=call, complaint=call.complaint, form=form, post_url=url))
    return lines


def lines_of_case(case: Case, promises: Iterable[Promise]) -> list[CallLine]:
    """Return the calls that a case owes; while a letter is out, a form for the client's answer."""
    owed = sorted(
        (each for each in promises if each.kind in Promise.CALLS and each.is_owed),
        key=lambda each: (each.due_at, each.pk),
    )
    if owed or case.complaint.state != Complaint.State.RESOLVED:
        return lines_of(owed, case.user, case.now)
    may_record = case.user.has_perm("complaints.record_callback", case.complaint)
    return [_without_call(case, may_record=may_record)]


def line_for(case: Case, owed: Sequence[Promise], wanted: str) -> CallLine:
    """Return the line of the call with the wanted id, by default of the first that is owed."""
    lines = lines_of(owed, case.user, case.now)
    chosen = [line for line in lines if str(line.promise.pk) == wanted]
    return next(iter(chosen or lines), None) or _without_call(case, may_record=True)


def post_url(complaint: Complaint, call: Promise | None, *, back: str = "") -> str:
    """Return where the form of a call is sent; back -- the place to return to afterwards."""
    told = {"callback": str(call.pk)} if call else {}
    query = urlencode(told | ({"back": back} if back else {}))
    path = reverse("complaints:record_callback", args=[complaint.pk])
    return f"{path}?{query}" if query else path


def _without_call(case: Case, *, may_record: bool) -> CallLine:
    form = CallbackForm(case=case) if may_record else None
    url = post_url(case.complaint, None)
    return CallLine(call=None, complaint=case.complaint, form=form, post_url=url)
