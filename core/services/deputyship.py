"""Who stands in for whom while somebody is away."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import Deputyship, User
from core.operations import Actor, operation


class DeputyRefused(DomainError):
    code = "deputy_refused"


def set_deputy(
    *, actor: Actor, person: User, deputy: User, starts_on: date, ends_on: date, now: datetime
) -> Deputyship:
    """Give the deputy the person's rights from starts_on to ends_on, both days included."""
    with operation("core.set_deputy", actor=actor, on=person, at=now) as outcome:
        _check(person, deputy, starts_on, ends_on, timezone.localdate(now))
        outcome.details |= {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
        return outcome.create(
            Deputyship(person=person, deputy=deputy, starts_on=starts_on, ends_on=ends_on)
        )


def end_deputy(*, actor: Actor, deputyship: Deputyship, now: datetime) -> Deputyship:
    """End it at once. A period that has not begun moves into the past, where it gives nothing."""
    yesterday = timezone.localdate(now) - timedelta(days=1)
    with operation("core.end_deputy", actor=actor, on=deputyship, at=now):
        if deputyship.ends_on <= yesterday:
            raise DeputyRefused(_("This has ended already."))
        deputyship.ends_on = yesterday
        deputyship.starts_on = min(deputyship.starts_on, yesterday)
    return deputyship


def _check(person: User, deputy: User, starts_on: date, ends_on: date, today: date) -> None:
    if deputy == person or not deputy.is_active:
        raise DeputyRefused(_("Choose another person who works here."))
    if deputy.has_role(User.Role.API_CLIENT):
        raise DeputyRefused(_("A program cannot stand in for a person."))
    if ends_on < starts_on or ends_on < today:
        raise DeputyRefused(_("The last day lies before the first one, or in the past."))
    overlapping = Deputyship.objects.filter(
        person=person, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    if overlapping.exists():
        raise DeputyRefused(_("Somebody stands in during these days already. End that first."))
