"""Files leave as downloads that no browser runs or shows."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from complaints.models import Attachment

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def download_of(attachment: Attachment) -> FileResponse:
    """Return the file under the name that its sender gave it."""
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is no longer in the storage.")) from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
        headers=HEADERS,
    )
