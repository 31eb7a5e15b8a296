import json

import pytest

from core.models import AuditEntry, Deputyship, OutgoingMail, Team, User
from tests.factories import DeputyshipFactory, TeamFactory, UserFactory

PERSON = {"email": "vera@kamerton.test", "name": "Vera", "roles": ["am"], "language": "uk"}


class Api:
    """A signed-in browser that speaks JSON."""

    def __init__(self, client):
        self.client = client

    def __call__(self, method, path, body=None, version=None):
        headers = {"If-Match": f'"{version}"'} if version else {}
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=headers,
        )


@pytest.fixture
def api(sign_in):
    return lambda user: Api(sign_in(user))


def test_administrators_keep_people(api, admin):
    call = api(admin)
    made = call("POST", "users", PERSON)
    person = User.objects.get(email="vera@kamerton.test")
    path = f"users/{person.pk}"

    assert (made.status_code, made["Location"]) == (201, f"/api/v1/{path}")
    assert call("PATCH", path, {"roles": ["am", "sa"]}, version=1).json()["roles"] == ["am", "sa"]
    assert call("PATCH", path, {"name": "X"}, version=1).status_code == 412
    assert call("POST", f"{path}/end-sessions", version=2).status_code == 200
    assert call("POST", f"{path}/deactivate-user", version=2).json()["is_active"] is False
    assert call("POST", f"{path}/reactivate-user", version=3).json()["is_active"] is True
    assert [entry.verb for entry in AuditEntry.objects.order_by("id")] == [
        "core.create_user",
        "core.edit_user",
        "core.end_sessions",
        "core.deactivate_user",
        "core.reactivate_user",
    ]


def test_a_taken_address_is_a_conflict(api, admin):
    UserFactory(email="vera@kamerton.test")

    answer = api(admin)("POST", "users", PERSON)

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


def test_administrators_keep_teams(api, admin, manager):
    call = api(admin)
    call("POST", "teams", {"name": "North", "members": [str(manager.pk)]})
    team = Team.objects.get()

    shown = call("PATCH", f"teams/{team.pk}", {"name": "South", "members": []}, version=1).json()

    assert (shown["name"], shown["members"], shown["version"]) == ("South", [], 2)


@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "fi", "ex", "api"])
def test_people_teams_and_mail_are_closed_to_others(api, people, role):
    call, person = api(people[role]), UserFactory()

    for path in ("users", f"users/{person.pk}", "teams", "mail"):
        assert call("GET", path).status_code == 403, path
    assert call("POST", "users", PERSON).status_code == 403
    assert call("POST", "teams", {"name": "T"}).status_code == 403
    assert call("POST", "mail/retry-mail").status_code == 403


def test_a_person_names_and_ends_the_own_deputy(api, manager, agent, clock):
    call = api(manager)
    days = {"starts_on": "2026-03-02", "ends_on": "2026-03-06"}
    others = DeputyshipFactory(**days)

    made = call("POST", "deputyships", {"person": str(manager.pk), "deputy": str(agent.pk)} | days)

    own = Deputyship.objects.get(person=manager)
    assert made.status_code == 201
    assert [row["id"] for row in call("GET", "deputyships").json()["results"]] == [str(own.pk)]
    assert call("POST", f"deputyships/{others.pk}/end-deputy", version=1).status_code == 404
    assert call("POST", f"deputyships/{own.pk}/end-deputy", version=1).status_code == 200


def test_nobody_names_a_deputy_for_another(api, manager, agent, clock):
    wish = {"person": str(agent.pk), "deputy": str(manager.pk)}
    wish |= {"starts_on": "2026-03-02", "ends_on": "2026-03-06"}

    assert api(manager)("POST", "deputyships", wish).status_code == 403


def test_a_person_changes_the_own_settings(api, manager):
    call = api(manager)
    wish = {"name": "Mira", "phone": "", "time_zone": "Europe/Kyiv", "wants_mail": False}

    assert call("POST", "me/set-preferences", wish).json()["time_zone"] == "Europe/Kyiv"
    assert call("POST", "me/set-language", {"language": "bg"}).json()["language"] == "bg"
    assert call("POST", "me/set-language", {"language": "de"}).status_code == 400


def test_failed_mail_is_tried_again(api, admin):
    OutgoingMail.objects.create(to="c@client.test", subject="secret", body="secret", state="failed")
    call = api(admin)

    assert "secret" not in call("GET", "mail").text
    assert call("POST", "mail/retry-mail").json() == {"count": 1}


@pytest.mark.parametrize("path", ["users", "teams", "deputyships", "mail"])
def test_lists_cost_the_same_for_one_and_three_rows(admin, sign_in, query_count, path):
    visitor = sign_in(admin)

    def grow():
        TeamFactory(members=[UserFactory()])
        DeputyshipFactory(starts_on="2026-03-02", ends_on="2026-03-02")
        OutgoingMail.objects.create(to="c@client.test", subject="s", body="b")

    grow()
    one = query_count(visitor, f"/api/v1/{path}")
    grow()
    grow()

    assert query_count(visitor, f"/api/v1/{path}") == one <= 10
