"""Who may do what with contracts. Names match the verbs used in services."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.permissions import is_head, owns
from core.access import permit, rule, system_verb, word_fact
from core.history import open_history
from core.models import User
from sla.models import Metric

word_fact("metric", lambda metric: Metric(metric).label)
permit("sla.draft", owns | is_head, says=_("Drafted the contract {label}"), icon="file-text")
permit("sla.edit", owns | is_head, says=_("Changed the draft {label}"))
permit("sla.activate", is_head, says=_("Put the contract {label} into force"), icon="check")
permit("sla.end", is_head, says=_("Ended the contract {label}"), icon="x")
system_verb("sla.warn", says=_("The clock for “{metric}” is at {step} %: {label}"), icon="clock")
system_verb("sla.breach", says=_("Deadline for “{metric}” missed: {label}"), icon="alert-triangle")
system_verb(
    "sla.escalate",
    says=_("Half an hour past the deadline for “{metric}”, and still open: {label}"),
    icon="flame",
)


@rule
def reads_contracts(user: User, obj: object = None) -> bool:
    """Everyone but those who only look after settings."""
    return set(user.roles) != {User.Role.ADMINISTRATOR}


def _history(user: User) -> Q:
    if not reads_contracts(user):
        return Q(pk__in=[])
    if user.has_role(User.Role.API_CLIENT):
        return Q(account_id__in=Account.objects.visible_to(user).values("pk"))
    return Q()


open_history("sla", _history)
