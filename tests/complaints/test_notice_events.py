"""What the house's own programs hear of notices, and programs of clients do not."""

import pytest

from complaints import services
from complaints.models import Notice, Recipient
from core.operations import SYSTEM
from core.timers import run_due
from tests.complaints.notices import client, draft_of, hold
from tests.hooks import bodies, everything_told, heard, listen

pytestmark = pytest.mark.django_db


@pytest.fixture
def recipients(technician, manager, head, executive, admin, people, now):
    """Three accounts to whom a safety notice was sent; the house and a program listen."""
    for name in ("Borea", "Halden", "Kobza"):
        hold(client(name))
    listen(admin, now)
    listen(admin, now, owner=people["api"])
    notice = services.draft_notice(actor=technician, draft=draft_of(manager), now=now)
    for person in (head, executive):
        services.approve_notice(actor=person, notice=notice, now=now)
    services.send_notice(actor=head, notice=notice, now=now)
    run_due(now)
    return list(Recipient.objects.order_by("name"))


def test_the_house_hears_that_it_was_sent_and_of_each_first_confirmation(recipients, head, now):
    first, second, third = recipients
    assert heard() == ["notice.sent"]

    services.acknowledge_recipient(actor=SYSTEM, recipient=first, now=now)
    services.record_action(actor=SYSTEM, recipient=first, now=now)
    services.record_action(actor=SYSTEM, recipient=second, now=now)
    for outcome in ("no_answer", "reached"):
        services.record_try(actor=head, recipient=third, channel="phone", outcome=outcome, now=now)

    assert heard()[1:] == ["notice.acknowledged"] * 3
    assert {data["notice"] for data in bodies("notice.acknowledged")} == {
        str(Notice.objects.get().pk)
    }


def test_nothing_of_whom_it_went_to_is_told(recipients, now):
    services.acknowledge_recipient(actor=SYSTEM, recipient=recipients[0], now=now)

    for secret in ("borea", "client.example", recipients[0].token_hash):
        assert secret not in everything_told()
