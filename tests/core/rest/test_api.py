from datetime import timedelta

import pytest

from core.models import ApiToken, AuditEntry, Notification
from core.services.token import AlreadyRevoked, ExpiryPassed, create_token, revoke_token
from tests.core.rest.conftest import Api
from tests.factories import AuditEntryFactory, NotificationFactory, UserFactory

JSON = "application/json"
SCOPES = ["accounts:read", "complaints:read"]


def test_me_tells_who_calls_and_how_far_he_may_go(program, sign_in, owner):
    over_token = program(owner, SCOPES).get("me").json()
    in_session = sign_in(owner).get("/api/v1/me").json()

    assert over_token == in_session | {"scopes": SCOPES}
    assert in_session == {
        "id": str(owner.pk),
        "email": owner.email,
        "name": owner.name,
        "roles": ["ad"],
        "language": "ru",
        "time_zone": "Europe/Sofia",
        "scopes": None,
    }


def test_a_key_is_made_shown_once_used_and_revoked(sign_in, manager):
    browser = sign_in(manager)
    wish = {"name": "ERP", "scopes": SCOPES}

    made = browser.post("/api/v1/tokens", wish, content_type=JSON)
    [listed] = browser.get("/api/v1/tokens").json()["results"]
    api = Api(made.json()["key"])
    used = api.get("me").status_code
    gone = browser.delete(f"/api/v1/tokens/{listed['id']}")

    assert made.status_code == 201
    assert listed == {name: value for name, value in made.json().items() if name != "key"}
    assert (used, gone.status_code, api.get("me").status_code) == (200, 204, 401)
    verbs = AuditEntry.objects.order_by("id").values_list("verb", "actor", "target_id")
    assert list(verbs) == [
        ("core.create_token", manager.pk, manager.pk),
        ("core.revoke_token", manager.pk, manager.pk),
    ]


def test_nobody_sees_or_revokes_anothers_key(sign_in, make_token, manager, head):
    token, _key = make_token(head)
    browser = sign_in(manager)

    assert browser.get("/api/v1/tokens").json()["results"] == []
    assert browser.delete(f"/api/v1/tokens/{token.public_id}").status_code == 404
    assert ApiToken.objects.count() == 1


def test_an_administrator_makes_keys_for_programs_only(sign_in, people, admin):
    browser = sign_in(admin)

    def ask(user):
        wish = {"name": "ERP", "scopes": SCOPES, "user": str(user.pk)}
        return browser.post("/api/v1/tokens", wish, content_type=JSON).status_code

    assert (ask(people["api"]), ask(people["hk"])) == (201, 400)
    assert browser.get("/api/v1/tokens").json()["results"][0]["user"] == str(people["api"].pk)


def test_a_manager_makes_no_key_for_a_program(sign_in, people, manager):
    wish = {"name": "ERP", "scopes": SCOPES, "user": str(people["api"].pk)}

    response = sign_in(manager).post("/api/v1/tokens", wish, content_type=JSON)

    assert response.status_code == 403


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x" * 81, "scopes": SCOPES},
        {"name": "x", "scopes": SCOPES, "expires_at": "soon"},
        {"name": "x", "scopes": SCOPES, "digest": "0"},
    ],
)
def test_a_wrong_wish_for_a_key_is_refused(wish, sign_in, manager):
    response = sign_in(manager).post("/api/v1/tokens", wish, content_type=JSON)

    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")


def test_a_key_must_expire_in_the_future(manager, now):
    with pytest.raises(ExpiryPassed):
        create_token(actor=manager, user=manager, name="x", scopes=SCOPES, expires_at=now, now=now)


def test_a_key_is_revoked_once(manager, now, make_token):
    token, _key = make_token(manager)
    revoke_token(actor=manager, token=ApiToken.objects.get(), now=now)

    with pytest.raises(AlreadyRevoked):
        revoke_token(actor=manager, token=token, now=now + timedelta(days=1))


def test_the_audit_keeps_the_name_and_not_the_key(manager, make_token):
    _token, key = make_token(manager)

    entry = AuditEntry.objects.get()

    assert entry.details["name"] == "test"
    assert key not in str(vars(entry))


@pytest.fixture
def notices(manager, stranger):
    entry = AuditEntryFactory(actor=stranger, verb="complaints.resolve", label="CMP-2026-00001")
    NotificationFactory(entry=AuditEntryFactory(actor=stranger), recipient=stranger)
    other = AuditEntryFactory(actor=stranger, verb="core.edit_team")
    return [NotificationFactory(recipient=manager, entry=each) for each in (entry, other)]


def test_a_bell_holds_only_ones_own_newest_first(sign_in, manager, notices):
    rows = sign_in(manager).get("/api/v1/notifications").json()["results"]

    assert [row["id"] for row in rows] == [str(notice.pk) for notice in reversed(notices)]
    assert rows[1]["label"] == "CMP-2026-00001"
    assert rows[1]["target"]["type"] == "user"
    assert rows[1]["read_at"] is None


def test_reading_is_noted_once(sign_in, manager, notices, clock):
    browser, path = sign_in(manager), f"/api/v1/notifications/{notices[0].pk}/read"

    first = browser.post(path).json()["read_at"]
    clock.forward(hours=1)
    second = browser.post(path).json()["read_at"]

    assert first == second == "2026-03-02T10:00:00Z"
    assert Notification.objects.visible_to(manager).unread().count() == 1


def test_everything_can_be_read_at_once(sign_in, manager, notices):
    browser = sign_in(manager)

    counts = [browser.post("/api/v1/notifications/read-all").json()["count"] for _time in "ab"]

    assert counts == [2, 0]
    assert Notification.objects.unread().count() == 1


def test_anothers_bell_is_not_there(sign_in, manager, notices, stranger):
    foreign = Notification.objects.get(recipient=stranger)

    assert sign_in(manager).post(f"/api/v1/notifications/{foreign.pk}/read").status_code == 404


def test_a_token_hears_of_the_apps_it_may_read(program, manager, notices):
    def heard(*scopes):
        rows = program(manager, list(scopes)).get("notifications").json()["results"]
        return {row["verb"] for row in rows}

    assert heard("accounts:read") == {"core.edit_team"}
    assert heard("complaints:write") == {"core.edit_team"}
    assert heard("complaints:read") == {"core.edit_team", "complaints.resolve"}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_bell_takes_the_same_queries_for_one_row_as_for_three(
    rows, sign_in, manager, django_assert_max_num_queries
):
    for _row in range(rows):
        NotificationFactory(recipient=manager)
    browser = sign_in(manager)
    browser.get("/api/v1/notifications")

    with django_assert_max_num_queries(3):
        assert len(browser.get("/api/v1/notifications").json()["results"]) == rows


@pytest.mark.parametrize(
    ("role", "seen"), [("hk", {"am", "sa"}), ("ad", {"am", "sa"}), ("am", {"am"}), ("te", set())]
)
def test_everyone_reads_the_log_as_far_as_he_may(role, seen, sign_in, people):
    for author in ("am", "sa"):
        AuditEntryFactory(actor=people[author])
    names = {str(people[author].pk): author for author in ("am", "sa")}

    rows = sign_in(people[role]).get("/api/v1/audit?verb=core.change_user").json()["results"]

    assert {names[row["actor"]] for row in rows} == seen


def test_the_log_is_filtered_and_never_written(sign_in, head):
    old = AuditEntryFactory()
    new = AuditEntryFactory(at=old.at + timedelta(days=1))
    browser = sign_in(head)

    since = browser.get("/api/v1/audit", {"since": new.at.isoformat()}).json()["results"]
    until = browser.get("/api/v1/audit", {"until": new.at.isoformat()}).json()["results"]

    assert [row["id"] for row in since] == [str(new.pk)]
    assert [row["id"] for row in until] == [str(old.pk)]
    assert browser.post("/api/v1/audit").status_code == 405
    assert browser.delete(f"/api/v1/audit/{new.pk}").status_code == 405


def test_a_token_reads_the_log_of_its_apps(program, head):
    AuditEntryFactory(verb="complaints.resolve")

    rows = program(head, ["accounts:read"]).get("audit").json()["results"]

    assert {row["verb"].partition(".")[0] for row in rows} == {"core"}


def test_a_person_who_left_has_no_way_in(sign_in, db):
    person = UserFactory(is_active=False)

    assert sign_in(person).get("/api/v1/audit").status_code == 401
