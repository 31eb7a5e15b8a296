"""Who may take in old complaints."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head
from core.access import permit, rule, system_verb
from core.models import User


@rule
def brought_it(user: User, run: Any = None) -> bool:
    return run is not None and run.by_id == user.pk


permit("complaints.check_import", is_head, says=_("Looked through {label}"), icon="upload")
permit("complaints.run_import", is_head, says=_("Imported {label}: {count}"), icon="upload")
permit("complaints.drop_import", is_head | brought_it, says=_("Dropped {label}"), icon="trash")
system_verb("complaints.import_old", says=_("Imported {label}, formerly {number}"), icon="upload")
