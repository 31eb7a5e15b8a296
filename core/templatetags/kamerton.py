"""The parts that every page is made of. Builtin: templates need no `load`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zlib import crc32

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.look import DeadlineFace, deadline_face, look_of
from core.shares import Share
from core.wording import (
    DAY,
    LONG,
    SHORT,
    SHORT_WITH_YEAR,
    browser_text,
    duration_text,
    initials,
    interval_text,
    moment_text,
    money_text,
    relative_text,
    share_text,
)

register = template.Library()

AVATAR_INKS: Final = 6
NOTHING: Final = mark_safe('<span class="text-secondary">–</span>')
FROM_PAGE: Final = ("request", "csrf_token", "now")
DEADLINE: Final = (
    '<div class="deadline tone-{}{}" data-deadline="{}"{}>{}{}'
    '<svg class="deadline-bar" aria-hidden="true">'
    '<rect class="deadline-track" width="100%" height="100%" rx="2.5"/>'
    '<rect class="deadline-used" width="{}" height="100%" rx="2.5"/></svg></div>'
)
MOVES: Final = ' data-due="{}" data-now="{}"'
BLOCKS: Final = (
    "page_header",
    "card",
    "empty",
    "callout",
    "filter_bar",
    "form_actions",
    "timeline_entry",
    "confirm",
    "menu",
)


def _render(context: Context, name: str, parts: Mapping[str, Any]) -> SafeString:
    """Render a component that sees its own parts and nothing else of the page."""
    carried = {key: context[key] for key in FROM_PAGE if key in context}
    engine = context.template.engine  # type: ignore[union-attr]  # set while rendering
    component = engine.get_template(f"components/_{name}.html")
    return component.render(context.new({**carried, **parts}))


def _block(name: str) -> None:
    @register.simple_block_tag(takes_context=True, name=name)
    def block(context: Context, content: str, **parts: Any) -> SafeString:
        inside = mark_safe(content.strip())  # noqa: S308 -- rendered and escaped by the page
        return _render(context, name, {**parts, "content": inside})


for _name in BLOCKS:
    _block(_name)


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon of the sprite; decorative unless it has a label."""
    address = f"{static('vendor/tabler-icons/sprite.svg')}#{name}"
    voice = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon{}" {}><use href="{}"/></svg>',
        f" icon-{size}" if size else "",
        mark_safe(voice),  # noqa: S308 -- escaped above
        address,
    )


@register.simple_tag
def badge(kind: str, value: object, label: str) -> SafeString:
    """Show a state in its colour and icon, with its word."""
    look = look_of(kind, value)
    drawn = icon(look.icon) if look.icon else ""
    return format_html('<span class="state state-{}">{}{}</span>', look.tone, drawn, label)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None, show: str = "relative") -> SafeString:
    """Show a moment as relative text, absolute text or a date; the other one on hover."""
    if at is None:
        return NOTHING
    now, title = context.get("now"), moment_text(at, LONG)
    if show == "date":
        return _time(at, moment_text(at, DAY), title)
    if show == "relative" and now:
        return _time(at, relative_text(at, now), title, moves=True)
    pattern = SHORT if now and now.year == at.year else SHORT_WITH_YEAR
    return _time(at, moment_text(at, pattern), title)


def _time(at: datetime, text: str, title: str, *, moves: bool = False) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        at.isoformat(timespec="seconds"),
        title,
        mark_safe(" data-moment") if moves else "",
        text,
    )


@register.simple_tag
def duration(span: timedelta | None) -> str:
    return NOTHING if span is None else duration_text(span)


@register.simple_tag
def money(amount: Decimal | None, currency: str) -> SafeString:
    if amount is None:
        return NOTHING
    return format_html('<span class="num nowrap">{}</span>', money_text(amount, currency))


@register.simple_tag
def share(told: Share) -> str:
    """Return the percent with its n."""
    return share_text(told)


@register.simple_tag
def interval(told: Share) -> str:
    return interval_text(told)


@register.simple_tag
def avatar(name: str, size: str = "", *, named: bool = False) -> SafeString:
    """Draw a person's initials, in an ink that stays the same for the same name."""
    voice = format_html('role="img" aria-label="{}"', name) if named else 'aria-hidden="true"'
    return format_html(
        '<span class="initials initials-{}{}" {}>{}</span>',
        crc32(name.encode()) % AVATAR_INKS,
        f" initials-{size}" if size else "",
        mark_safe(voice),  # noqa: S308 -- escaped above
        initials(name),
    )


@register.simple_tag
def browser(user_agent: str) -> SafeString:
    return format_html('<span title="{}">{}</span>', user_agent, browser_text(user_agent))


@register.simple_tag(takes_context=True)
def deadline(context: Context, state: str, **parts: Any) -> SafeString:
    """Draw a deadline as a bar with icon and words; the browser moves it (time.js).

    parts -- due, fraction (or start), remaining, ended, label, href, compact.
    """
    now, due = context.get("now"), parts.get("due")
    used = parts.get("fraction")
    share = float(used) if used is not None else _wall_share(parts.get("start"), due, now)
    face = deadline_face(
        str(state),
        now=now,
        due=due,
        share=share,
        spare=parts.get("remaining"),
        ended=parts.get("ended"),
    )
    label, compact = parts.get("label"), parts.get("compact")
    # A queue shows fifty of these; as a template each costs three times as much.
    return format_html(
        DEADLINE,
        face.tone,
        mark_safe(" deadline-compact") if compact else "",
        face.state,
        format_html(MOVES, int(due.timestamp()), int(now.timestamp())) if due and now else "",
        format_html('<span class="deadline-label">{}</span>', label) if label else "",
        _deadline_words(face, due, parts.get("href")),
        f"{face.share * 100:.1f}%",
    )


def _deadline_words(face: DeadlineFace, due: datetime | None, href: str | None) -> SafeString:
    title = format_html(' title="{}"', moment_text(due, LONG)) if due else ""
    inside = format_html("{}<span data-words>{}</span>", icon(face.icon), face.words)
    if href:
        return format_html('<a class="deadline-words" href="{}"{}>{}</a>', href, title, inside)
    return format_html('<span class="deadline-words"{}>{}</span>', title, inside)


def _wall_share(start: datetime | None, due: datetime | None, now: datetime | None) -> float:
    if not (start and due and now) or due <= start:
        return 0.0
    return max((now - start) / (due - start), 0.0)


@register.simple_tag(takes_context=True)
def sort_heading(context: Context, key: str, label: str, **parts: Any) -> SafeString:
    """Head a column that sorts: the link turns the order round and forgets the page.

    parts -- default: the order of a page that was asked for none; align: "num" for figures.
    """
    query = context["request"].GET.copy()
    current = query.get("sort") or parts.get("default", "")
    query["sort"] = f"-{key}" if current == key else key
    for cursor in ("after", "before", "cursor", "page"):
        query.pop(cursor, None)
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    return _render(
        context,
        "sort_heading",
        {**parts, "label": label, "order": order, "address": f"?{query.urlencode()}"},
    )


@register.simple_tag(takes_context=True)
def stat(context: Context, label: str, value: object, **parts: Any) -> SafeString:
    return _render(context, "stat", {**parts, "label": label, "value": value})
