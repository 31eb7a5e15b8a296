"""How states look: one map of tones and icons, and the face of a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from core.wording import duration_text

WARN_SHARE: Final = 0.75
ALARM_SHARE: Final = 0.9


class Look(NamedTuple):
    """Tone and icon of a value. The word beside them comes from the page, never from the colour."""

    tone: str
    icon: str = ""


PLAIN: Final = Look("neutral")
LOOKS: Final[dict[str, dict[str, Look]]] = {
    "complaints.state": {
        "new": Look("accent", "inbox"),
        "triaged": Look("accent", "list-check"),
        "in_progress": Look("info", "activity"),
        "waiting_client": Look("neutral", "hourglass"),
        "waiting_supplier": Look("warning", "truck-delivery"),
        "resolved": Look("success", "check"),
        "closed": Look("neutral", "checks"),
        "merged": Look("neutral", "git-merge"),
        "converted": Look("neutral", "arrows-exchange"),
    },
    "complaints.priority": {
        "p1": Look("danger", "flame"),
        "p2": Look("warning", "arrow-up"),
        "p3": Look("neutral", "minus"),
        "p4": Look("neutral", "arrow-down"),
    },
    # Tiers look alike but for the icon: a tier must never shout for faster service.
    "accounts.tier": {
        "strategic": Look("neutral", "crown"),
        "key": Look("neutral", "key"),
        "standard": Look("neutral", "building"),
        "small": Look("neutral", "building-store"),
    },
    "accounts.stage": {
        "lead": Look("accent", "user-question"),
        "prospect_accepted": Look("accent", "user-check"),
        "client": Look("neutral", "heart-handshake"),
        "former": Look("neutral", "history"),
        "declined": Look("neutral", "ban"),
    },
    "contacts.state": {
        "active": Look("success", "user-check"),
        "left": Look("warning", "door-exit"),
        "do_not_contact": Look("danger", "phone-off"),
    },
    "sla.clock": {
        "running": Look("info", "clock"),
        "paused": Look("neutral", "clock-pause"),
        "met": Look("success", "circle-check"),
        "missed": Look("danger", "circle-x"),
        "overdue": Look("danger", "flame"),
        "cancelled": Look("neutral", "circle-minus"),
    },
    "sla.contract": {
        "draft": Look("neutral", "pencil"),
        "proposed": Look("info", "send"),
        "negotiating": Look("warning", "messages"),
        "agreed": Look("accent", "check"),
        "active": Look("success", "shield-check"),
        "expiring": Look("warning", "hourglass"),
        "renewed": Look("neutral", "refresh"),
        "expired": Look("neutral", "archive"),
        "terminated": Look("neutral", "ban"),
        "withdrawn": Look("neutral", "arrow-back-up"),
        "replaced": Look("neutral", "history"),
    },
    "sla.credit": {
        "proposed": Look("warning", "hourglass"),
        "approved": Look("accent", "check"),
        "issued": Look("success", "send"),
        "waived": Look("neutral", "circle-minus"),
    },
    "alerts.state": {
        "open": Look("danger", "bell"),
        "acknowledged": Look("info", "check"),
        "resolved": Look("success", "checks"),
        "expired": Look("neutral", "history"),
    },
    "tasks.state": {
        "open": Look("info", "circle-dot"),
        "done": Look("success", "circle-check"),
        "cancelled": Look("neutral", "circle-minus"),
    },
    "complaints.remedy": {
        "not_asked": Look("warning", "question-mark"),
        "asked": Look("info", "hourglass"),
        "proposed": Look("accent", "message"),
        "accepted": Look("info", "check"),
        "countered": Look("info", "arrows-exchange"),
        "declined": Look("neutral", "circle-x"),
        "delivered": Look("success", "check"),
        "confirmed": Look("success", "checks"),
    },
    "complaints.make_good": {
        "proposed": Look("accent", "pencil"),
        "agreed": Look("info", "check"),
        "delivered": Look("success", "checks"),
    },
    "promises.state": {
        "open": Look("info", "circle-dot"),
        "kept": Look("success", "circle-check"),
        "kept_late": Look("warning", "clock-exclamation"),
        "broken": Look("danger", "circle-x"),
        "withdrawn_by_client": Look("neutral", "arrow-back-up"),
        "void": Look("neutral", "circle-minus"),
    },
    "webhooks.state": {
        "active": Look("success", "circle-check"),
        "failing": Look("danger", "alert-triangle"),
        "disabled": Look("neutral", "player-pause"),
    },
    "mailboxes.state": {
        "ok": Look("success", "circle-check"),
        "failing": Look("danger", "alert-triangle"),
        "new": Look("info", "hourglass"),
        "removed": Look("neutral", "unlink"),
    },
    "letters.outcome": {
        "fetched": Look("info", "hourglass"),
        "matched": Look("success", "message-plus"),
        "new": Look("accent", "inbox"),
        "ignored": Look("neutral", "eye-off"),
        "bounce": Look("warning", "arrow-back-up"),
        "failed": Look("danger", "circle-x"),
    },
    "deliveries.state": {
        "waiting": Look("info", "hourglass"),
        "sent": Look("success", "check"),
        "failed": Look("danger", "circle-x"),
    },
    "touches.hospitality": {
        "within": Look("neutral", "check"),
        "waiting": Look("warning", "hourglass"),
        "approved": Look("success", "circle-check"),
        "refused": Look("danger", "circle-x"),
    },
    "imports.state": {
        "checked": Look("info", "search"),
        "imported": Look("success", "check"),
        "dropped": Look("neutral", "trash"),
    },
    "notices.state": {
        "draft": Look("neutral", "pencil"),
        "approved": Look("accent", "check"),
        "sending": Look("info", "send"),
        "tracking": Look("warning", "hourglass"),
        "closed": Look("success", "checks"),
    },
    "notices.kind": {
        "safety": Look("danger", "shield"),
        "quality": Look("neutral", "tool"),
        "data": Look("warning", "lock"),
        "service": Look("neutral", "settings"),
    },
    "recipients.state": {
        "pending": Look("neutral", "hourglass"),
        "sent": Look("info", "send"),
        "delivered": Look("info", "mail"),
        "acknowledged": Look("success", "eye"),
        "action_done": Look("success", "circle-check"),
        "bounced": Look("danger", "alert-triangle"),
        "unreachable": Look("warning", "phone-off"),
    },
    "reviews.state": {
        "owed": Look("warning", "hourglass"),
        "done": Look("success", "circle-check"),
    },
    "problems.state": {
        "open": Look("danger", "alert-triangle"),
        "known": Look("warning", "search"),
        "solved": Look("success", "circle-check"),
    },
    "health": {
        "green": Look("success", "thumb-up"),
        "amber": Look("warning", "minus"),
        "red": Look("danger", "thumb-down"),
    },
    "level": {
        "info": Look("info", "info-circle"),
        "amber": Look("warning", "alert-triangle"),
        "red": Look("danger", "alert-octagon"),
    },
    "tone": {
        "neutral": PLAIN,
        "accent": Look("accent"),
        "info": Look("info", "info-circle"),
        "success": Look("success", "circle-check"),
        "warning": Look("warning", "alert-triangle"),
        "danger": Look("danger", "alert-octagon"),
        "error": Look("danger", "alert-octagon"),
    },
}


def look_of(kind: str, value: object) -> Look:
    """Return the look of a stored value; an unknown value of a known kind looks plain."""
    return LOOKS[kind].get(str(value).lower(), PLAIN)


@dataclass(frozen=True)
class DeadlineFace:
    """What a deadline shows: a share of 0…1 for the bar, and tone, icon and words that agree."""

    state: str
    tone: str
    icon: str
    words: str
    share: float


def deadline_face(
    state: str,
    *,
    now: datetime | None,
    due: datetime | None,
    share: float,
    spare: timedelta | None = None,
    ended: datetime | None = None,
) -> DeadlineFace:
    """Return the face of a clock in the given state.

    share -- part of the target that is used up, 0…1 and beyond.
    spare -- what is left of the target while the clock is paused.
    A clock that nobody stopped is overdue from its due time on, whatever its stored state says.
    """
    if state in {"running", "missed"} and not ended and now and due:
        return _moving_face(due - now, share)
    if state == "missed":
        words = _("missed by %(span)s") if ended and due else _("missed")
        late = duration_text(ended - due) if ended and due else ""
        return _still_face("missed", words % {"span": late}, 1.0)
    if state == "paused":
        words = _("paused, %(span)s left") if spare else _("paused")
        left = duration_text(spare, largest="hour") if spare else ""
        return _still_face("paused", words % {"span": left}, share)
    return _still_face(state, {"met": _("met"), "cancelled": _("cancelled")}.get(state, ""), share)


def _moving_face(left: timedelta, share: float) -> DeadlineFace:
    if left <= timedelta(0):
        words = _("overdue by %(span)s") % {"span": duration_text(-left)}
        return _still_face("overdue", words, 1.0)
    look = LOOKS["sla.clock"]["running"]
    if share >= WARN_SHARE:
        look = Look("danger" if share >= ALARM_SHARE else "warning", "clock-exclamation")
    words = _("due in %(span)s") % {"span": duration_text(left)}
    return DeadlineFace("running", look.tone, look.icon, words, min(share, 1.0))


def _still_face(state: str, words: str, share: float) -> DeadlineFace:
    look = look_of("sla.clock", state)
    return DeadlineFace(state, look.tone, look.icon, words, min(share, 1.0))
