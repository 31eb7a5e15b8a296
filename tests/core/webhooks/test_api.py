import pytest
from rest_framework.test import APIClient

from core.models import User, WebhookEndpoint
from core.services.token import create_token
from core.webhooks.outbox import trial_delivery
from tests.factories import UserFactory

URL = "/api/v1/webhooks"
BODY = {"url": "https://hooks.example/in", "events": ["clock.breached"]}


@pytest.fixture
def api(admin, rest):
    return rest(admin)


def test_a_webhook_is_made_and_its_secret_told_once(api):
    made = api.post(URL, BODY, headers={"Idempotency-Key": "one"})

    path = made["Location"]
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert made.json()["state"] == "active"
    assert "secret" not in api.get(path).json()
    again = api.post(URL, BODY, headers={"Idempotency-Key": "one"})
    assert (again.json()["id"], again.json()["secret"]) == (made.json()["id"], None)
    assert WebhookEndpoint.objects.count() == 1


def test_a_webhook_is_kept_over_rest(api, add):
    path = f"{URL}/{add().pk}"
    program = UserFactory(roles=[User.Role.API_CLIENT])

    def act(name, version):
        return api.post(f"{path}/{name}", headers={"If-Match": f'"{version}"'})

    edited = api.patch(path, {"owner": str(program.pk)}, headers={"If-Match": '"1"'}).json()
    assert (edited["owner"], edited["url"], edited["version"]) == (
        str(program.pk), "https://hooks.example/in", 2,
    )  # fmt: skip
    assert api.patch(path, {"owner": None}, headers={"If-Match": '"1"'}).status_code == 412
    rotated = act("rotate-webhook", 2).json()
    assert rotated["secret"].startswith("whsec_")
    assert rotated["previous_until"] is not None
    assert act("try-webhook", 3).json()["waiting"] == 1
    assert act("disable-webhook", 3).json()["state"] == "disabled"
    assert act("try-webhook", 4).json()["code"] == "illegal_transition"
    assert act("enable-webhook", 4).json()["state"] == "active"
    assert act("retry-webhook", 5).json()["waiting"] == 1
    assert act("disable-webhook", None).status_code == 412


def test_deliveries_are_listed_filtered_and_sent_again(api, add, now):
    endpoint = add()
    delivery = trial_delivery(endpoint, now)
    delivery.state, delivery.ended_at, delivery.last_status = "failed", now, 500
    delivery.save()
    trial_delivery(add(), now).save()
    path = "/api/v1/webhook-deliveries"

    listed = api.get(f"{path}?webhook={endpoint.pk}&state=failed").json()["results"]

    assert [row["id"] for row in listed] == [str(delivery.pk)]
    assert listed[0]["body"]["type"] == "webhook.test"
    assert listed[0]["last_status"] == 500
    assert len(api.get(path).json()["results"]) == 2
    sent = api.post(f"{path}/{delivery.pk}/resend-webhook").json()
    assert (sent["state"], sent["event_id"]) == ("waiting", str(delivery.event_id))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"url": "https://10.0.0.1/"}, 409, "private_address"),
        ({"url": "http://hooks.example/"}, 409, "unfit_address"),
        ({"url": "https://hooks.example/", "events": ["sneeze"]}, 400, "invalid_input"),
        ({"url": "https://hooks.example/", "secret": "mine"}, 400, "invalid_input"),
        ({}, 400, "invalid_input"),
    ],
)
def test_what_is_wrong_is_refused_with_a_code(api, body, status, code):
    answer = api.post(URL, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()


@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "fi", "ex", "api"])
def test_webhooks_are_closed_to_everybody_else(rest, people, add, role):
    path, api = f"{URL}/{add().pk}", rest(people[role])

    for url in (URL, path, "/api/v1/webhook-deliveries"):
        assert api.get(url).status_code == 403, url
    assert api.post(URL, BODY).status_code == 403
    assert api.post(f"{path}/rotate-webhook", headers={"If-Match": "*"}).status_code == 403


def test_a_token_needs_the_scope_and_an_administrator(admin, add, now):
    add()

    def answer(*scopes):
        _token, key = create_token(
            actor=admin, user=admin, name="Terraform", scopes=scopes, expires_at=None, now=now
        )
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client.get(URL).status_code, client.post(URL, BODY).status_code

    assert answer("webhooks:read") == (200, 403)
    assert answer("webhooks:read", "webhooks:write") == (200, 201)
    assert answer("accounts:read", "accounts:write") == (403, 403)


@pytest.mark.parametrize("path", [URL, "/api/v1/webhook-deliveries"])
def test_lists_cost_the_same_for_one_and_three_rows(api, add, now, query_count, path):
    def grow():
        trial_delivery(add(owner=UserFactory(roles=["api"])), now).save()

    grow()
    one = query_count(api, path)
    grow()
    grow()

    assert query_count(api, path) == one <= 10
