"""What the core offers itself when the server starts."""

from django.utils.translation import gettext_lazy as _

from core import permissions
from core.announcements import Hearers, announce
from core.models import AuditEntry, Deputyship, User
from core.nav import Place, add_place
from core.places import place


def _deputies(entries: list[AuditEntry]) -> Hearers:
    """Tell those who were named, for it is they who now have more to do."""
    named = {entry.target_id: entry.id for entry in entries}
    chosen = Deputyship.objects.filter(pk__in=named).values_list("pk", "deputy_id")
    return {named[pk]: [deputy] for pk, deputy in chosen}


announce("core.set_deputy", _deputies)
add_place(
    Place(
        order=85,
        label=_("Absences"),
        url_name="core:absences",
        icon="calendar-off",
        shown_to=permissions.is_administrator | permissions.is_head,
    )
)
add_place(
    Place(
        order=90,
        label=_("People"),
        url_name="core:people",
        icon="users-group",
        shown_to=permissions.is_administrator,
    )
)
add_place(
    Place(
        order=95,
        label=_("Outgoing mail"),
        url_name="core:mail",
        icon="send",
        shown_to=permissions.is_administrator,
    )
)
place(User, "core:user")
