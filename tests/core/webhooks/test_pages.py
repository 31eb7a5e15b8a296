import re

import pytest

from core.models import WebhookDelivery, WebhookEndpoint
from core.webhooks.outbox import trial_delivery
from tests.conftest import HTMX
from tests.factories import NOON, UserFactory

FORM = {"url": "https://hooks.example/in", "description": "Portal", "events": ["clock.breached"]}
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


@pytest.fixture
def visitor(admin, sign_in):
    return sign_in(admin)


def test_a_webhook_is_added_and_its_secret_shown_once(visitor, admin):
    shown = visitor.post("/webhooks/new/", FORM)

    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.url, endpoint.events) == ("https://hooks.example/in", ["clock.breached"])
    [secret] = SECRET.findall(shown.content.decode())
    page = visitor.get(f"/webhooks/{endpoint.pk}/").content.decode()
    assert "https://hooks.example/in" in page
    assert secret not in page
    assert "hooks.example" in visitor.get("/webhooks/").content.decode()


def test_a_form_sent_twice_makes_one_webhook(visitor):
    form = FORM | {"csrfmiddlewaretoken": "a" * 64}
    visitor.post("/webhooks/new/", form)

    again = visitor.post("/webhooks/new/", form)

    endpoint = WebhookEndpoint.objects.get()
    assert again.headers["Location"] == f"/webhooks/{endpoint.pk}/"


def test_a_private_address_is_refused_in_the_form(visitor):
    answer = visitor.post("/webhooks/new/", FORM | {"url": "https://10.0.0.1/"})

    assert answer.status_code == 409
    assert "can be reached from the internet" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_webhook_is_edited(visitor, add):
    endpoint, program = add(), UserFactory(roles=["api"])
    path = f"/webhooks/{endpoint.pk}/edit/"

    assert "hooks.example/in" in visitor.get(path).content.decode()
    visitor.post(path, FORM | {"version": 1, "description": "New", "owner": str(program.pk)})

    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.owner) == ("New", program)
    assert visitor.post(path, FORM | {"version": 1}).status_code == 412


def test_a_secret_is_rotated(visitor, add):
    endpoint = add()

    [secret] = SECRET.findall(visitor.post(f"/webhooks/{endpoint.pk}/rotate/").content.decode())

    assert secret != endpoint.new_secret
    assert "Old secret signs until" in visitor.get(f"/webhooks/{endpoint.pk}/").content.decode()


def test_a_webhook_is_disabled_and_enabled(visitor, add):
    endpoint = add()
    page = f"/webhooks/{endpoint.pk}/"

    visitor.post(f"{page}disable/", {"version": 1})
    assert "It is told nothing." in visitor.get(page).content.decode()
    visitor.post(f"{page}enable/", {"version": 2})

    endpoint.refresh_from_db()
    assert endpoint.state == "active"
    assert visitor.post(f"{page}enable/").status_code == 409


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": "failing"}, "It has accepted nothing for almost two days."),
        ({"refused_since": NOON}, "It does not accept events at the moment."),
    ],
)
def test_the_page_warns_of_trouble(visitor, add, fields, sentence):
    endpoint = add()
    page = f"/webhooks/{endpoint.pk}/"
    assert sentence not in visitor.get(page).content.decode()

    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**fields)

    assert sentence in visitor.get(page).content.decode()


def test_a_test_event_waits_to_be_sent(visitor, add):
    endpoint = add()

    visitor.post(f"/webhooks/{endpoint.pk}/try/")

    page = visitor.get(f"/webhooks/{endpoint.pk}/").content.decode()
    assert "webhook.test" in page
    assert "Waiting" in page


@pytest.fixture
def failed(add, now):
    delivery = trial_delivery(add(), now)
    delivery.state, delivery.ended_at, delivery.last_error = "failed", now, "HTTP 500 Oh <b>no</b>"
    delivery.save()
    return delivery


def test_the_log_tells_what_went_wrong_and_sends_again(visitor, failed):
    page = f"/webhooks/{failed.endpoint_id}/"
    assert "HTTP 500 Oh &lt;b&gt;no" in visitor.get(page).content.decode()

    visitor.post(f"/webhooks/deliveries/{failed.pk}/resend/")

    failed.refresh_from_db()
    assert failed.state == "waiting"


def test_all_that_failed_is_sent_again(visitor, failed):
    visitor.post(f"/webhooks/{failed.endpoint_id}/retry/")

    failed.refresh_from_db()
    assert failed.state == "waiting"


def test_the_log_is_filtered_by_state(visitor, failed):
    page = f"/webhooks/{failed.endpoint_id}/"

    found = visitor.get(f"{page}?state=failed", headers=HTMX).content.decode()
    none = visitor.get(f"{page}?state=sent", headers=HTMX).content.decode()

    assert "webhook.test" in found
    assert "<html" not in found
    assert "webhook.test" not in none
    assert visitor.get(f"{page}?state=nonsense").status_code == 200


@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "fi", "ex"])
def test_pages_are_for_administrators(failed, people, sign_in, role):
    visitor, one = sign_in(people[role]), f"/webhooks/{failed.endpoint_id}/"

    for path in ("/webhooks/", "/webhooks/new/", one, f"{one}edit/"):
        assert visitor.get(path).status_code == 403, path
    for act in ("rotate", "disable", "enable", "try", "retry"):
        assert visitor.post(f"{one}{act}/").status_code == 403, act
    assert visitor.post(f"/webhooks/deliveries/{failed.pk}/resend/").status_code == 403
    assert "/webhooks/" not in visitor.get("/profile/").content.decode()


def test_lists_cost_the_same_for_one_and_three_rows(visitor, add, now, query_count):
    def grow():
        program = UserFactory(roles=["api"])
        trial_delivery(add(owner=program), now).save()
        trial_delivery(first, now).save()

    first = add()
    grow()
    listed = query_count(visitor, "/webhooks/")
    detailed = query_count(visitor, f"/webhooks/{first.pk}/")
    grow()
    grow()

    assert WebhookDelivery.objects.count() == 6
    assert query_count(visitor, "/webhooks/") == listed <= 10
    assert query_count(visitor, f"/webhooks/{first.pk}/") == detailed <= 10
