import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import Account, Contact, Promise
from complaints.models import Complaint
from core.look import LOOKS, deadline_face, look_of
from core.models import WebhookDelivery, WebhookEndpoint
from sla.models import Clock, Contract, Priority

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPRITE = (ROOT / "static/vendor/tabler-icons/sprite.svg").read_text()
DRAWN = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))


def icons_named_in(path):
    return set(re.findall(r'icon(?: |=|:"|\|default:)"([a-z0-9-]+)"', path.read_text()))


@pytest.mark.parametrize(
    ("share", "tone", "icon"),
    [
        (0.2, "info", "clock"),
        (0.75, "warning", "clock-exclamation"),
        (0.9, "danger", "clock-exclamation"),
    ],
)
def test_running_deadline_warns_as_its_target_is_used_up(share, tone, icon):
    face = deadline_face("running", now=NOW, due=NOW + HOUR, share=share)

    assert (face.state, face.tone, face.icon, face.words, face.share) == (
        "running",
        tone,
        icon,
        "due in 1 hr",
        share,
    )


@pytest.mark.parametrize("stored", ["running", "missed"])
def test_deadline_nobody_stopped_is_overdue_whatever_is_stored(stored):
    face = deadline_face(stored, now=NOW, due=NOW - HOUR, share=1.7)

    assert (face.state, face.tone, face.words, face.share) == (
        "overdue",
        "danger",
        "overdue by 1 hr",
        1.0,
    )


def test_deadline_is_overdue_from_its_due_time_on():
    assert deadline_face("running", now=NOW, due=NOW, share=1.0).state == "overdue"


@pytest.mark.parametrize(
    ("state", "extra", "words", "share"),
    [
        ("paused", {"spare": timedelta(hours=26)}, "paused, 26 hr left", 0.4),
        ("paused", {}, "paused", 0.4),
        ("met", {"ended": NOW}, "met", 0.4),
        ("missed", {"ended": NOW + HOUR}, "missed by 1 hr", 1.0),
        ("cancelled", {}, "cancelled", 0.4),
    ],
)
def test_stopped_deadline_says_how_it_ended(state, extra, words, share):
    face = deadline_face(state, now=NOW, due=NOW, share=0.4, **extra)

    assert (face.state, face.words, face.share) == (state, words, share)


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("complaints.state", Complaint.State),
        ("complaints.priority", Priority),
        ("accounts.tier", Account.Tier),
        ("accounts.stage", Account.Stage),
        ("contacts.state", Contact.State),
        ("promises.state", Promise.State),
        ("sla.contract", Contract.State),
        ("webhooks.state", WebhookEndpoint.State),
        ("deliveries.state", WebhookDelivery.State),
    ],
)
def test_every_state_has_its_look_and_no_other_has(kind, choices):
    assert set(LOOKS[kind]) == set(choices.values)


def test_every_state_of_a_clock_has_its_look_and_so_has_being_overdue():
    assert set(LOOKS["sla.clock"]) == {*Clock.State.values, "overdue"}


def test_every_tier_has_the_same_tone():
    assert {look.tone for look in LOOKS["accounts.tier"].values()} == {"neutral"}


def test_unknown_value_looks_plain_and_unknown_kind_is_refused():
    assert look_of("complaints.state", "brand_new").tone == "neutral"
    with pytest.raises(KeyError):
        look_of("weather", "sunny")


def test_every_icon_of_the_map_is_drawn():
    named = {look.icon for looks in LOOKS.values() for look in looks.values()} - {""}

    assert named <= DRAWN


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_every_icon_of_a_template_is_drawn(path):
    assert icons_named_in(path) <= DRAWN
