"""Services, exclusions and escalation steps compared."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from sla.diff.lines import NOTHING, Change, Line, by_order, higher, lower, neither, together
from sla.models import Contract, Exclusion, ScopeItem
from sla.reading import step_texts
from sla.words import exclusion_text, service_text


def service_lines(before: Contract, after: Contract) -> Iterator[Line]:
    old, new = ({each.service: each for each in c.scope_items.all()} for c in (before, after))
    for name in old | new:
        was, becomes = old.get(name), new.get(name)
        yield Line(name, _service(was), _service(becomes), _judged_service(was, becomes))


def _service(item: ScopeItem | None) -> str:
    if item is None:
        return NOTHING
    if not item.excluded:
        return service_text(item)
    facts = {"service": service_text(item), "excluded": item.excluded}
    return _("%(service)s (not included: %(excluded)s)") % facts


def _judged_service(old: ScopeItem | None, new: ScopeItem | None) -> Change:
    if old is None or new is None:
        return by_order(is_better=old is None, is_worse=new is None)
    measures = [(each.unit, each.per, each.quantity is None) for each in (old, new)]
    alike = measures[0] == measures[1]
    amount = higher(old.quantity or 0, new.quantity or 0) if alike else Change.OTHER
    return together(amount, neither(old.excluded, new.excluded))


def exclusion_lines(before: Contract, after: Contract) -> Iterator[Line]:
    """Yield what either version excuses; one excuse more is worse for the client."""
    old, new = ({each.kind: each for each in c.exclusions.all()} for c in (before, after))
    for kind in Exclusion.Kind:
        if kind in old or kind in new:
            was, becomes = old.get(kind), new.get(kind)
            there = lower(was is not None, becomes is not None)
            told = neither(_excuse(was), _excuse(becomes)) if there == Change.SAME else there
            yield Line(str(kind.label), _excuse(was), _excuse(becomes), told)


def _excuse(exclusion: Exclusion | None) -> str:
    return exclusion_text(exclusion) if exclusion else NOTHING


def step_lines(before: Contract, after: Contract) -> Iterator[Line]:
    """Yield all steps; one step more is one more who hears in time, so it is better."""
    old, new = (step_texts(c.escalation_steps.all()) for c in (before, after))
    for text in dict.fromkeys([*old, *new]):
        was, becomes = text in old, text in new
        yield Line(
            _("Step"),
            text if was else NOTHING,
            text if becomes else NOTHING,
            higher(was, becomes),
        )
