"""Who keeps the directory of suppliers: everybody who works with complaints."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head
from complaints.permissions.people import works_here
from core.access import permit

permit(
    "complaints.add_supplier",
    works_here,
    says=_("Added the supplier {label}"),
    icon="truck-delivery",
)
permit(
    "complaints.edit_supplier",
    works_here,
    says=_("Changed the supplier {label}"),
    icon="truck-delivery",
)
permit(
    "complaints.archive_supplier",
    works_here,
    says=_("Put the supplier {label} away"),
    icon="archive",
)
permit(
    "complaints.restore_supplier",
    works_here,
    says=_("Took the supplier {label} back"),
    icon="arrow-back-up",
)
reads_overrides = is_head
