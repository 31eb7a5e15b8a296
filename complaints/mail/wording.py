"""Why a letter was left alone, and what to do about a mailbox, in words for our people."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from complaints.models import InboundMail, Mailbox
from core.errors import Sentence

WHY: Final[dict[str, Sentence]] = {
    "own_letter": _("We wrote it ourselves"),
    "loop": _("It goes round in circles between mail servers"),
    "bounce": _("It reports a letter that is not ours"),
    "delayed": _("A mail server reports a delay; it is still trying"),
    "receipt": _("A confirmation that a letter arrived"),
    "auto_reply": _("A machine answered by itself"),
    "bulk": _("Sent to many, such as a newsletter"),
    "spam": _("Our mail server calls it spam"),
    "seen_before": _("The same letter was dealt with before"),
    "too_old": _("It came before this mailbox was first read"),
    "flood": _("Too many letters for one complaint within an hour"),
    "too_many": _("Too many complaints of one sender within an hour; added to the last one"),
    "notice": _("An answer to a notice; its contact was told"),
    "gone": _("Somebody removed it from the mailbox before it could be read"),
    "broken": "",
    "given_up": _("Reading it broke off several times"),
    "by_hand": _("Will be read once more within a minute"),
}
ADVICE: Final[tuple[tuple[str, Sentence], ...]] = (
    (
        "MailboxLoginError",
        _("The mail server refuses user or password. Correct MAILBOXES and start Kamerton again."),
    ),
    ("IMAP4.error", _("The mail server refuses. Read its answer below, then correct MAILBOXES.")),
    (
        "MailboxFolderSelectError",
        _("There is no such folder in the mailbox. Correct its name in MAILBOXES."),
    ),
    (
        "SSLCertVerificationError",
        _("The server's certificate is not valid for its name. Renew it, or correct the name."),
    ),
    ("gaierror", _("Nobody knows a server of that name. Correct it in MAILBOXES.")),
    (
        "ConnectionRefusedError",
        _("Nothing listens at that host and port. Correct them, or start the mail server."),
    ),
    (
        "TimeoutError",
        _("The mail server does not answer. See whether a firewall keeps Kamerton from it."),
    ),
)
OTHERWISE: Final = _("See whether the mail server works. Kamerton tries again every minute.")


def why_words(mail: InboundMail) -> Sentence:
    """Return why it became what it did, "" if the outcome says it all."""
    return WHY.get(mail.why, mail.why)


def advice_for(mailbox: Mailbox) -> Sentence:
    """Return what an administrator can do about what is wrong, "" if nothing is."""
    if not mailbox.last_error:
        return ""
    kind = mailbox.last_error.partition(":")[0]
    return next((words for name, words in ADVICE if kind == name), OTHERWISE)
