"""Who may say that a complaint is part of another, taken back, or none at all."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head, is_support, owns
from core.access import permit

permit(
    "complaints.merge",
    owns | is_support | is_head,
    says=_("Made {label} part of {into}"),
    icon="git-merge",
)
permit(
    "complaints.withdraw",
    owns | is_support | is_head,
    says=_("The client took back {label}"),
    icon="arrow-back-up",
)
permit(
    "complaints.convert",
    owns | is_support | is_head,
    says=_("Turned {label} into a request"),
    icon="arrows-exchange",
)
