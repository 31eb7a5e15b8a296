"""Who may write, approve, send and follow a notice (11.4)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_head, is_manager, is_support, is_technician, owns
from complaints.models import Notice
from core.access import has_role, permit, rule, system_verb
from core.models import User

is_executive = has_role(User.Role.EXECUTIVE)
writes_notices = is_manager | is_support | is_head | is_technician


@rule
def answers_for_it(user: User, obj: Any = None) -> bool:
    """Say whether the person wrote the notice, or is whom its readers may ask."""
    if obj is None:
        return False
    notice = obj if isinstance(obj, Notice) else obj.notice
    return not user.principals.isdisjoint({notice.author_id, notice.contact_id})


@rule
def is_about_safety(user: User, notice: Any = None) -> bool:
    return notice is not None and notice.kind == Notice.Kind.SAFETY


@rule
def owns_holder(user: User, recipient: Any = None) -> bool:
    """Say whether the holder, or the client through whom he has it, is the manager's own."""
    if recipient is None:
        return False
    return any(
        owns(user, account) for account in (recipient.account, recipient.reseller) if account
    )


looks_after = is_head | is_support | owns_holder | (writes_notices & answers_for_it)
permit(
    "complaints.draft_notice",
    writes_notices,
    says=_("Drafted the notice {label}"),
    icon="speakerphone",
)
permit(
    "complaints.edit_notice",
    is_head | (writes_notices & answers_for_it),
    says=_("Changed the notice {label}"),
)
permit(
    "complaints.approve_notice",
    is_head | (is_executive & is_about_safety),
    says=_("Approved the notice {label}"),
    icon="check",
)
permit(
    "complaints.send_notice",
    is_head | (is_manager & answers_for_it),
    says=_("Began to send the notice {label}: recipients {recipients}"),
    icon="send",
)
permit(
    "complaints.close_notice",
    is_head | (is_manager & answers_for_it),
    says=_("Closed the notice {label}: confirmed {acknowledged} of {recipients}"),
    icon="checks",
)
permit(
    "complaints.acknowledge_recipient",
    looks_after,
    says=_("The notice {label} was read and confirmed"),
    icon="eye",
)
permit(
    "complaints.record_action",
    looks_after,
    says=_("What the notice {label} asks was done"),
    icon="circle-check",
)
permit(
    "complaints.record_try",
    looks_after,
    says=_("Tried to reach somebody about the notice {label}: {tried}"),
    icon="phone",
)
system_verb(
    "complaints.tell_recipient", says=_("The notice {label} went out by letter"), icon="send"
)
system_verb(
    "complaints.follow_letter",
    says=_("The letter of the notice {label}: {letter}"),
    icon="mail",
)
system_verb(
    "complaints.bounce_recipient",
    says=_("The letter of the notice {label} came back"),
    icon="phone-off",
)
system_verb(
    "complaints.comment_notice",
    says=_("Somebody who got the notice {label} wrote to you"),
    icon="message",
)
system_verb(
    "complaints.finish_sending",
    says=_("All letters of the notice {label} have left"),
    icon="checks",
)
NOTICE_VERBS = tuple(
    f"complaints.{verb}"
    for verb in (
        "draft_notice",
        "edit_notice",
        "approve_notice",
        "send_notice",
        "close_notice",
        "finish_sending",
    )
)
"""Verbs about a notice itself: all colleagues read them."""
