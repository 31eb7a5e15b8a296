"""What files may be attached, decided by their content."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from complaints.models import Attachment, Complaint
from core.errors import DomainError
from core.models import User

MAX_FILES = 20
MAGIC = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class FileRefused(DomainError):
    code = "file_refused"


def keep_file(
    complaint: Complaint,
    file: UploadedFile[bytes],
    *,
    by: User | None,
    at: datetime,
    is_restricted: bool = False,
) -> Attachment:
    """Store the file under a made-up name. Raises FileRefused by size, number, kind or content."""
    _check_size(complaint, file)
    content = file.read()
    kind = _kind(content)
    digest = hashlib.sha256(content).hexdigest()
    if complaint.attachments.filter(sha256=digest).exists():
        raise FileRefused(_("This file is already attached."))
    attachment = Attachment(
        complaint=complaint, name=_shown_name(file.name or ""), content_type=kind,
        size=len(content), sha256=digest, by=by, at=at, is_restricted=is_restricted,
    )  # fmt: skip
    file.seek(0)
    attachment.file.save("file", file, save=False)
    attachment.save(force_insert=True)
    return attachment


def is_attached(complaint: Complaint, content: bytes) -> bool:
    """Say whether the complaint has this very file already, under whatever name."""
    digest = hashlib.sha256(content).hexdigest()
    return complaint.attachments.filter(sha256=digest).exists()


def _check_size(complaint: Complaint, file: UploadedFile[bytes]) -> None:
    limit = settings.ATTACHMENT_MAX_BYTES
    if not file.size:
        raise FileRefused(_("The file is empty. Choose another."))
    if file.size > limit:
        raise FileRefused(
            _("The file is larger than %(limit)s MB. Send a smaller one.")
            % {"limit": limit // 1024 // 1024}
        )
    if complaint.attachments.count() >= MAX_FILES:
        raise FileRefused(_("A complaint holds at most %(count)s files.") % {"count": MAX_FILES})


def _kind(content: bytes) -> str:
    """Return the media type that the content shows; what can run in a browser is refused."""
    for magic, kind in MAGIC.items():
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise FileRefused(_("Only PDF, pictures, office documents and plain text can be attached."))
    return "text/plain"


def _office(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        names = []
    for folder, kind in OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return kind
    raise FileRefused(_("Only PDF, pictures, office documents and plain text can be attached."))


def _shown_name(name: str) -> str:
    last = PurePosixPath(name.replace("\\", "/")).name
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    return visible.strip()[-160:] or "file"
