"""The client's secret link: sent anew, or withdrawn."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from complaints import services
from complaints.forms.client_link import RenewLinkForm, RevokeLinkForm
from complaints.views.actions.action import Action

CLIENT_LINK: Final = (
    Action(
        form=RenewLinkForm,
        service=services.renew_client_link,
        label=_("Send a new link"),
        submit=_("Send a new link to the client"),
        done=_("A new link is on its way; earlier ones open nothing any more."),
        icon="link",
    ),
    Action(
        form=RevokeLinkForm,
        service=services.revoke_client_link,
        label=_("Withdraw the link"),
        submit=_("Withdraw the link"),
        done=_("Withdrawn: no link opens the page any more."),
        icon="unlink",
    ),
)
