"""Letters as they come over the wire."""

from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count

from tests.factories import NOON

SUPPORT = "support@kamerton.test"
_numbers = count(1)


def letter(text="The till prints no receipts.", *, files=(), html="", **headers):
    """Return a letter of Rada's; a header None is left out, `in_reply_to` is In-Reply-To."""
    message = EmailMessage()
    wanted = {
        "from": "Rada Lipova <rada@lipa.example>",
        "to": SUPPORT,
        "subject": "No receipts",
        "date": format_datetime(NOON),
        "message-id": f"<{next(_numbers)}@lipa.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in wanted.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content, kind in files:
        main, _, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def bounce(message_id, *, action="failed", status="5.1.1", returns="message/rfc822"):
    """Return what a mail server reports of a letter of ours."""
    copy = f"Message-ID: {message_id}\nSubject: [CMP] ours\nFrom: kamerton@kamerton.test\n"
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.lipa.example\nTo: kamerton@kamerton.test\n"
        f"Message-ID: <{next(_numbers)}@mx.lipa.example>\nSubject: Undelivered Mail\n"
        f"Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nI am sorry.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.lipa.example\n\n"
        f"Final-Recipient: rfc822; rada@lipa.example\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; 550 {status} no such user\n\n"
        f"--b\nContent-Type: {returns}\n\n{copy}\nThe words.\n--b--\n"
    ).encode()
