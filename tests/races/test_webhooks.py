import os
import signal
from collections import Counter

import pytest
from django.conf import settings

from core.models import WebhookDelivery
from core.webhooks import relay
from core.webhooks.outbox import trial_delivery
from tests.core.webhooks.receiver import hang
from tests.factories import NOON
from tests.races.processes import in_processes, start_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def deliver(certificate):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    os.environ["SSL_CERT_FILE"] = certificate
    return relay.deliver_due(NOON)


def fill(endpoint, count):
    WebhookDelivery.objects.bulk_create(trial_delivery(endpoint, NOON) for _ in range(count))


def test_four_relays_at_once_send_each_event_once(add, receiver, certificate):
    for name in ("a", "b", "c"):
        fill(add(receiver.url(f"/{name}")), 30)

    sent = sum(in_processes(4, deliver, str(certificate)))
    sent += deliver(str(certificate))

    heard = Counter(got.headers["webhook-id"] for got in receiver.got)
    assert (sent, len(heard), set(heard.values())) == (90, 90, {1})
    assert not WebhookDelivery.objects.exclude(state="sent").exists()


def test_a_relay_killed_after_it_has_sent_is_followed_by_one_that_sends_the_same_id(
    add, receiver, certificate
):
    fill(add(receiver.url()), 1)
    receiver.answers = [hang]
    process = start_process(deliver, str(certificate))
    receiver.wait_for(1)

    os.kill(process.pid, signal.SIGKILL)
    process.join(30)

    assert relay.deliver_due(NOON) == 0
    assert relay.deliver_due(NOON + relay.LEASE) == 1
    [first, second] = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
