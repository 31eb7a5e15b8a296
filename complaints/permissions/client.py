"""Who may send and withdraw the client's link, and what only the client does himself."""

from django.utils.translation import gettext_lazy as _

from complaints.permissions.people import works_on_it
from core.access import permit, system_verb

permit(
    "complaints.renew_client_link",
    works_on_it,
    says=_("Sent the client a new link to {label}"),
    icon="link",
)
permit(
    "complaints.revoke_client_link",
    works_on_it,
    says=_("Withdrew the client’s link to {label}"),
    icon="unlink",
)
system_verb(
    "complaints.confirm_fixed",
    says=_("The client says that {label} is put right"),
    icon="circle-check",
)
system_verb(
    "complaints.deny_fixed",
    says=_("The client says that {label} is not put right"),
    icon="alert-circle",
)
system_verb(
    "complaints.confirm_heard",
    says=_("The client says that we have understood {label}"),
    icon="heart-handshake",
)
system_verb("complaints.rate", says=_("The client rated {label}"), icon="star")
