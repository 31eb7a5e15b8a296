import time
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from standardwebhooks import Webhook, WebhookVerificationError

from core.housekeeping import tidy_up
from core.models import (
    AuditEntry,
    Heartbeat,
    Notification,
    OutgoingMail,
    WebhookDelivery,
    WebhookEndpoint,
)
from core.services import webhook as services
from core.tasks import deliver_webhooks
from core.webhooks import post as posting
from core.webhooks import relay
from core.webhooks.outbox import trial_delivery
from core.webhooks.post import Answer
from tests.core.webhooks.receiver import hang
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint(add, receiver):
    return add(receiver.url())


@pytest.fixture
def due(now):
    """Return a function that puts deliveries for the endpoint into the outbox."""

    def put(endpoint, count=1):
        rows = [trial_delivery(endpoint, now) for _ in range(count)]
        WebhookDelivery.objects.bulk_create(rows)
        return rows[0]

    return put


def verify(got, secret):
    """Check the signature as a receiver does, at the moment of the test's clock."""
    with time_machine.travel(NOON, tick=False):
        return Webhook(secret).verify(got.body, got.headers)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_what_is_due_goes_once_and_its_signature_holds(receiver, endpoint, due, now):
    delivery = due(endpoint)

    assert relay.deliver_due(now) == 1
    assert relay.deliver_due(now) == 0

    [got] = receiver.got
    assert verify(got, endpoint.new_secret) == fresh(delivery).body
    assert got.headers["webhook-id"] == str(delivery.event_id)
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["User-Agent"].startswith("Kamerton/")
    row = fresh(delivery)
    assert (row.state, row.ended_at, row.attempts, row.last_status) == ("sent", now, 1, 204)
    assert Heartbeat.objects.get(name="webhooks").at == now


def test_a_changed_body_does_not_verify(receiver, endpoint, due, now):
    due(endpoint)
    relay.deliver_due(now)
    [got] = receiver.got

    forged = type(got)(got.path, got.headers, got.body.replace("test", "tset"), None)

    with pytest.raises(WebhookVerificationError):
        verify(forged, endpoint.new_secret)


def test_during_a_rotation_both_secrets_verify(receiver, endpoint, due, admin, clock):
    old = endpoint.new_secret
    services.rotate_webhook(actor=admin, endpoint=endpoint, now=clock.at)
    new = endpoint.new_secret
    due(endpoint)
    relay.deliver_due(clock.at)
    [during] = receiver.got
    due(endpoint)
    relay.deliver_due(clock.at + services.ROTATION)
    after = receiver.got[-1]

    assert old != new
    assert verify(during, old) == verify(during, new)
    with time_machine.travel(NOON + services.ROTATION, tick=False):
        assert Webhook(new).verify(after.body, after.headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(old).verify(after.body, after.headers)


def test_a_failure_is_tried_again_after_each_pause_with_the_same_id(receiver, endpoint, due, now):
    delivery = due(endpoint)
    receiver.answers = [500] * 7
    at, waited = now, []

    for _ in range(8):
        relay.deliver_due(at)
        row = fresh(delivery)
        waited.append(
            (row.next_try_at - at) / relay.PAUSES[row.attempts - 1] if row.attempts < 8 else 1
        )
        at = row.next_try_at

    assert (row.state, row.attempts, row.last_error) == ("sent", 8, "")
    assert all(1 <= each <= 1.2 for each in waited)
    assert {got.headers["webhook-id"] for got in receiver.got} == {str(delivery.event_id)}
    assert len({got.headers["webhook-timestamp"] for got in receiver.got}) == 8


def try_to_the_end(delivery, now):
    """Let the delivery be tried as often as it is, and return when it was given up."""
    at = now
    while True:
        relay.deliver_due(at)
        row = fresh(delivery)
        if row.state != "waiting":
            return at
        at = row.next_try_at


def test_an_endpoint_that_accepts_nothing_fails_and_administrators_hear_of_it_once(
    receiver, endpoint, due, now, admin, reload
):
    receiver.by_path["/hooks"] = 500
    first = due(endpoint)
    ended = try_to_the_end(first, now)
    try_to_the_end(due(endpoint), ended)

    row = fresh(first)
    assert (row.state, row.attempts) == ("failed", 8)
    assert row.last_error == "HTTP 500 Internal Server Error"
    assert (reload(endpoint).state, reload(endpoint).refused_since) == ("failing", now)
    [heard] = Notification.objects.all()
    assert (heard.recipient, heard.entry.verb) == (admin, "core.fail_webhook")
    assert heard.entry.says == (
        "Gave up telling localhost of an event: HTTP 500 Internal Server Error"
    )
    assert f"/webhooks/{endpoint.pk}/" in OutgoingMail.objects.get(to=admin.email).body


def test_an_endpoint_that_refuses_one_event_and_takes_others_does_not_fail(
    receiver, endpoint, due, now, reload
):
    poison, at = due(endpoint), now
    for _ in range(8):
        receiver.answers = [400]
        relay.deliver_due(at)
        at = fresh(poison).next_try_at
        due(endpoint)
        relay.deliver_due(at - timedelta(seconds=1))

    assert (fresh(poison).state, reload(endpoint).state) == ("failed", "active")
    assert reload(endpoint).refused_since is None
    assert not Notification.objects.exists()


def test_an_endpoint_that_accepts_again_is_active_again(receiver, endpoint, due, now, reload):
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(state="failing")
    due(endpoint)

    relay.deliver_due(now)

    assert reload(endpoint).state == "active"
    assert AuditEntry.objects.latest("id").verb == "core.recover_webhook"


def test_410_disables_and_ends_what_waits(receiver, endpoint, due, now, admin, reload):
    receiver.answers = [410]
    gone, waiting = due(endpoint), due(endpoint)

    relay.deliver_due(now)

    assert reload(endpoint).state == "disabled"
    assert (fresh(gone).state, fresh(gone).last_status) == ("failed", 410)
    assert (fresh(waiting).state, fresh(waiting).last_error) == (
        "failed",
        "the webhook was disabled",
    )
    assert [row.entry.verb for row in Notification.objects.filter(recipient=admin)] == [
        "core.drop_webhook"
    ]
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_endpoint_in_trouble_is_left_alone_until_the_next_tick(
    receiver, endpoint, due, now, status
):
    receiver.answers = [status]
    due(endpoint, 3)

    assert relay.deliver_due(now) == 0
    assert relay.deliver_due(now) == 2
    assert len(receiver.got) == 3


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_an_event_that_is_refused_does_not_hold_up_the_others(receiver, endpoint, due, now, status):
    receiver.answers = [status] * 3
    due(endpoint, 6)

    assert relay.deliver_due(now) == 3


def test_an_endpoint_that_refuses_everything_is_asked_so_often_and_no_more(
    receiver, endpoint, due, now
):
    receiver.by_path["/hooks"] = 404
    due(endpoint, 50)

    assert relay.deliver_due(now) == 0
    assert len(receiver.got) == relay.MOST_REFUSALS


def test_an_endpoint_that_hangs_delays_nobody_else(receiver, due, add, now, monkeypatch):
    monkeypatch.setattr(posting, "SECONDS", 3.0)
    hanging = [add(receiver.url("/hang")) for _ in range(5)]
    fast = add(receiver.url("/fast"))
    receiver.by_path["/hang"] = hang
    slow = [due(endpoint, 2) for endpoint in hanging]
    due(fast, 40)

    began = time.monotonic()
    sent = relay.deliver_due(now)

    # Each of the five was tried once, all at the same time.
    assert (sent, time.monotonic() - began < 3 * 2) == (40, True)
    assert receiver.seconds_to(40, "/fast") < 3
    assert {(fresh(each).state, fresh(each).last_status) for each in slow} == {("waiting", None)}
    assert [got.path for got in receiver.got].count("/hang") == 5


def test_an_endpoint_with_much_to_hear_is_told_in_parallel(receiver, endpoint, due, now):
    due(endpoint, 30)

    assert relay.deliver_due(now) == 30
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 30


def test_a_tick_ends_even_if_there_is_always_more(receiver, endpoint, due, now, monkeypatch):
    monkeypatch.setattr(relay, "SENDING_SECONDS", 0.0)
    due(endpoint, 5)

    assert relay.deliver_due(now) == 1
    assert endpoint.deliveries.filter(state="waiting", claimed_until=None).count() == 4


def test_a_relay_that_died_leaves_its_delivery_to_the_next_after_the_lease(
    receiver, endpoint, due, now
):
    delivery = due(endpoint)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(claimed_until=now + relay.LEASE)

    assert relay.deliver_due(now + timedelta(seconds=30)) == 0
    assert relay.deliver_due(now + relay.LEASE) == 1


def test_while_one_relay_is_busy_with_an_endpoint_another_leaves_it_alone(
    receiver, endpoint, due, now
):
    busy, other = due(endpoint), due(endpoint)
    WebhookDelivery.objects.filter(pk=busy.pk).update(claimed_until=now + relay.LEASE)

    assert relay.deliver_due(now) == 0
    assert fresh(other).state == "waiting"


def test_nothing_is_sent_before_its_time(receiver, endpoint, due, now):
    due(endpoint)

    assert relay.deliver_due(now - timedelta(seconds=1)) == 0


@pytest.mark.parametrize("change", [{"state": "disabled"}, {"owner__is_active": False}])
def test_who_is_shut_out_is_not_called(receiver, endpoint, due, now, people, change):
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        state=change.get("state", "active"), owner=people["api"]
    )
    type(people["api"]).objects.filter(pk=people["api"].pk).update(
        is_active=change.get("owner__is_active", True)
    )
    due(endpoint)

    assert relay.deliver_due(now) == 0
    assert receiver.got == []


def test_an_endpoint_disabled_while_it_was_called_stays_ended(
    receiver, endpoint, due, now, admin, reload
):
    delivery = due(endpoint)
    services.disable_webhook(actor=admin, endpoint=reload(endpoint), now=now)

    relay._settle(endpoint, delivery, Answer(500, "HTTP 500"), now)

    row = fresh(delivery)
    assert (row.state, row.last_error) == ("failed", "the webhook was disabled")


def test_a_secret_of_another_house_says_so(receiver, endpoint, due, now, settings):
    delivery = due(endpoint)
    settings.SECRET_KEY = "another key, after a restore without the old one"

    relay.deliver_due(now)

    assert "rotate it" in fresh(delivery).last_error
    settings.SECRET_KEY_FALLBACKS = ["insecure-development-key-" + "k" * 40]
    assert relay.deliver_due(fresh(delivery).next_try_at) == 1


def test_without_the_flag_a_neighbour_is_never_called(receiver, endpoint, due, now, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    delivery = due(endpoint)

    relay.deliver_due(now)

    assert "not a public address" in fresh(delivery).last_error
    assert receiver.got == []


def test_the_task_and_the_command_send_what_is_due(receiver, endpoint, due, capsys):
    due(endpoint)
    assert deliver_webhooks() == 1
    assert deliver_webhooks() == 0
    due(endpoint)

    call_command("run_timers")

    assert "1 events sent" in capsys.readouterr().out


def test_what_was_sent_is_forgotten_after_30_days_and_what_failed_after_90(endpoint, due, now):
    for state, days in (("sent", 31), ("sent", 29), ("failed", 91), ("failed", 89)):
        row = due(endpoint)
        WebhookDelivery.objects.filter(pk=row.pk).update(
            state=state, ended_at=now - timedelta(days=days)
        )
    due(endpoint)

    tidy_up(now)

    left = WebhookDelivery.objects.order_by("id").values_list("state", flat=True)
    assert list(left) == ["sent", "failed", "waiting"]
