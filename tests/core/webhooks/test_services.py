from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import InvalidTransition, StaleVersion
from core.models import AuditEntry, User, WebhookDelivery, WebhookEndpoint
from core.sealing import unseal
from core.services import webhook as services
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_secret_is_shown_once_and_lies_sealed(add, reload):
    endpoint = add()

    stored = reload(endpoint)
    assert endpoint.new_secret.startswith("whsec_")
    assert stored.new_secret == ""
    assert endpoint.new_secret not in stored.secret
    assert unseal(stored.secret) == endpoint.new_secret


def test_the_history_tells_neither_secret_nor_address(add, admin, now):
    endpoint = add("https://hooks.example/in?key=needle", description="Needle, call Rada")
    services.rotate_webhook(actor=admin, endpoint=endpoint, now=now)
    services.edit_webhook(
        actor=admin, endpoint=endpoint, url="https://hooks.example/needle", description="needle",
        events=[], owner=None, now=now,
    )  # fmt: skip

    told = [str((entry.changes, entry.details, entry.label)) for entry in AuditEntry.objects.all()]
    assert len(told) == 3
    assert [each for each in told if "needle" in each.lower() or "whsec" in each] == []
    assert {entry.label for entry in AuditEntry.objects.all()} == {"hooks.example"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://hooks.example", "https://hooks.example/"),
        ("HTTPS://Hooks.Example:8443/In?a=1#part", "https://hooks.example:8443/In?a=1"),
        ("https://Приём.example/вход", f"https://{'приём'.encode('idna').decode()}.example/вход"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2001:4860:4860::8888]/", "https://[2001:4860:4860::8888]/"),
        (" https://hooks.example/a ", "https://hooks.example/a"),
    ],
)
def test_an_address_is_kept_in_one_spelling(add, typed, kept):
    assert add(typed).url == kept


UNFIT = [
    "http://hooks.example/", "ftp://hooks.example/", "hooks.example", "https://", "https:///in",
    "https://user@hooks.example/", "https://user:secret@hooks.example/", "https://@hooks.example/",
    "https://hooks.example:99999/", "https://hooks.example:x/", "https://[::1/", "//hooks.example",
    f"https://{'a' * 64}.example/", "javascript:alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("url", UNFIT)
def test_only_https_without_a_password_is_taken(add, url):
    with pytest.raises(services.UnfitAddress):
        add(url)


NEAR = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://10.1.2.3/", "https://192.168.1.1:8443/", "https://localhost/",
    "https://LOCALHOST/", "https://169.254.169.254/", "https://[::1]/", "https://[fd00::1]/",
    "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://１２７.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", NEAR)
def test_a_number_that_leads_to_us_is_refused_when_it_is_typed(add, url):
    with pytest.raises(services.PrivateAddress):
        add(url)


def test_only_declared_events_are_taken(add):
    with pytest.raises(services.UnknownEvent) as refusal:
        add(events=["complaint.created", "complaint.sneezed"])

    assert "complaint.sneezed" in str(refusal.value.sentence)
    assert "complaint.created" not in str(refusal.value.sentence)


@pytest.mark.parametrize(("roles", "is_active"), [(["am"], True), (["api"], False)])
def test_only_an_active_program_can_own_one(add, roles, is_active):
    with pytest.raises(services.NotAProgram):
        add(owner=UserFactory(roles=roles, is_active=is_active))


def test_editing_replaces_what_it_says_and_keeps_the_secret(add, admin, now, reload):
    program = UserFactory(roles=[User.Role.API_CLIENT])
    endpoint = add(events=["complaint.created"])
    before = reload(endpoint).secret

    services.edit_webhook(
        actor=admin, endpoint=endpoint, url="https://other.example/", description="Portal",
        events=["clock.breached", "clock.breached"], owner=program, now=now,
    )  # fmt: skip

    row = reload(endpoint)
    assert (row.url, row.description, row.events, row.owner, row.secret, row.version) == (
        "https://other.example/", "Portal", ["clock.breached"], program, before, 2,
    )  # fmt: skip


def test_a_rotation_keeps_the_old_secret_for_a_day(add, admin, now, reload):
    endpoint = add()
    old = endpoint.new_secret

    services.rotate_webhook(actor=admin, endpoint=endpoint, now=now)

    row = reload(endpoint)
    day = timedelta(hours=24)
    assert [unseal(each) for each in row.sealed_secrets(now)] == [endpoint.new_secret, old]
    assert [unseal(each) for each in row.sealed_secrets(now + day)] == [endpoint.new_secret]


def test_a_disabled_one_ends_what_waits_and_can_be_enabled(add, admin, now, reload):
    endpoint = add()
    services.try_webhook(actor=admin, endpoint=endpoint, now=now)

    services.disable_webhook(actor=admin, endpoint=endpoint, now=now)

    [delivery] = endpoint.deliveries.all()
    assert (delivery.state, delivery.last_error) == ("failed", "the webhook was disabled")
    services.enable_webhook(actor=admin, endpoint=endpoint, now=now)
    assert reload(endpoint).state == "active"


@pytest.mark.parametrize("name", ["disable_webhook", "try_webhook", "retry_webhook"])
def test_a_disabled_one_can_only_be_enabled(add, admin, now, name):
    endpoint = add()
    services.disable_webhook(actor=admin, endpoint=endpoint, now=now)

    with pytest.raises(InvalidTransition) as refusal:
        getattr(services, name)(actor=admin, endpoint=endpoint, now=now)

    assert refusal.value.facts["allowed"] == ["enable_webhook"]


def test_a_live_one_cannot_be_enabled(add, admin, now):
    with pytest.raises(InvalidTransition):
        services.enable_webhook(actor=admin, endpoint=add(), now=now)


@pytest.fixture
def failed(add, admin, now):
    """Return a delivery that was given up."""
    endpoint = add()
    services.try_webhook(actor=admin, endpoint=endpoint, now=now)
    delivery = endpoint.deliveries.get()
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state="failed", ended_at=now, attempts=8, last_error="HTTP 500"
    )
    delivery.refresh_from_db()
    return delivery


def test_a_failed_delivery_is_sent_again_under_its_id(failed, admin, clock):
    event, later = failed.event_id, clock.forward(days=2)

    delivery = services.resend_webhook(actor=admin, delivery=failed, now=later)

    assert (delivery.state, delivery.attempts, delivery.next_try_at, delivery.ended_at) == (
        "waiting", 0, later, None,
    )  # fmt: skip
    assert delivery.event_id == event


def test_all_that_failed_is_sent_again(failed, admin, clock):
    other = failed.endpoint.deliveries.create(
        type="webhook.test", body={}, state="sent", next_try_at=clock.at, ended_at=clock.at
    )

    services.retry_webhook(actor=admin, endpoint=failed.endpoint, now=clock.at)

    failed.refresh_from_db()
    other.refresh_from_db()
    assert (failed.state, other.state) == ("waiting", "sent")
    assert AuditEntry.objects.latest("id").details == {"count": 1}


CALLS = {
    "edit_webhook": {"url": "https://a.example/", "description": "", "events": [], "owner": None},
    "rotate_webhook": {}, "disable_webhook": {}, "enable_webhook": {}, "try_webhook": {},
    "retry_webhook": {},
}  # fmt: skip


@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "fi", "ex", "api"])
def test_only_administrators_keep_webhooks(add, failed, people, now, role):
    actor, endpoint = people[role], add()

    for name, given in CALLS.items():
        with pytest.raises(PermissionDenied):
            getattr(services, name)(actor=actor, endpoint=endpoint, **given, now=now)
    with pytest.raises(PermissionDenied):
        services.resend_webhook(actor=actor, delivery=failed, now=now)
    with pytest.raises(PermissionDenied):
        services.add_webhook(actor=actor, **CALLS["edit_webhook"], now=now)
    assert WebhookEndpoint.objects.filter(version__gt=1).count() == 0


def test_who_did_not_see_the_last_change_changes_nothing(add, admin, now, reload):
    endpoint = add()
    services.rotate_webhook(actor=admin, endpoint=reload(endpoint), now=now)
    endpoint.expect(1)

    with pytest.raises(StaleVersion):
        services.disable_webhook(actor=admin, endpoint=endpoint, now=now)
