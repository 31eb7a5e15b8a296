from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from core.models import ApiToken, AuditEntry, IdempotencyKey, Team, User
from tests.core.rest.conftest import Api
from tests.factories import TeamFactory, UserFactory

KEY = {"Idempotency_Key": "wish-1"}


@pytest.fixture
def sofia(owner):
    return {"name": "Sofia", "members": [str(owner.pk)]}


def test_the_same_request_works_once_and_answers_the_same(api, sofia):
    first = api.post("teams", sofia, **KEY)
    second = api.post("teams", sofia, **KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert {name: second[name] for name in ("ETag", "Location", "Content-Type")} == {
        name: first[name] for name in ("ETag", "Location", "Content-Type")
    }
    assert (second["Idempotency-Replayed"], Team.objects.count()) == ("true", 1)


def test_another_request_with_the_key_is_422(api, sofia, team):
    api.post("teams", sofia, **KEY)

    body = api.post("teams", sofia | {"name": "Bonn"}, **KEY)
    path = api.post(f"teams/{team.pk}/leave", If_Match="*", **KEY)

    assert (body.status_code, path.status_code) == (422, 422)
    assert body.json()["code"] == "idempotency_key_reused"
    assert Team.objects.filter(name="Bonn").count() == 0


def test_each_person_has_his_own_keys(api, program, sofia):
    other = program(UserFactory(roles=["ad"]))
    api.post("teams", sofia, **KEY)

    assert other.post("teams", sofia | {"name": "Bonn"}, **KEY).status_code in {201, 204}


def test_a_key_is_free_again_after_a_day(api, sofia, clock):
    api.post("teams", sofia, **KEY)
    clock.forward(hours=23)
    replayed = api.post("teams", sofia, **KEY)
    clock.forward(hours=2)

    later = api.post("teams", sofia | {"name": "Bonn"}, **KEY)

    assert (replayed.status_code, later.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in later


def test_a_bad_request_is_answered_the_same_and_leaves_nothing(api):
    first, second = (api.post("teams", {"name": ""}, **KEY) for _time in range(2))

    assert (first.status_code, second.status_code) == (400, 400)
    assert first.content == second.content
    assert second["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("action", "headers", "status"),
    [
        ("dissolve-for-good", {"If_Match": '"1"'}, 409),
        ("leave", {"If_Match": '"9"'}, 412),
        ("leave", {}, 428),
    ],
)
def test_what_may_answer_otherwise_next_time_is_not_kept(api, team, action, headers, status):
    response = api.post(f"teams/{team.pk}/{action}", **headers, **KEY)

    assert response.status_code == status
    assert not IdempotencyKey.objects.exists()
    assert api.post(f"teams/{team.pk}/leave", If_Match='"1"', **KEY).status_code == 204


@pytest.mark.django_db(transaction=True)
def test_a_crash_frees_the_key_and_undoes_the_work(owner, program):
    api = program(owner, raise_request_exception=False)

    assert api.post("teams/crash", {"name": "Sofia"}, **KEY).status_code == 500
    assert not IdempotencyKey.objects.exists()
    assert not Team.objects.filter(name="Sofia").exists()


@pytest.mark.parametrize("key", ["", " ", "a b", "ключ", "x" * 201, "a\tb"])
def test_a_bad_key_is_refused(api, sofia, key):
    response = api.post("teams", sofia, Idempotency_Key=key)

    assert (response.status_code, response.json()["code"]) == (400, "parse_error")
    assert not Team.objects.exists()


def test_only_a_post_has_a_key(api, team):
    for name in ("Bonn", "Sofia"):
        api.patch(f"teams/{team.pk}", {"name": name}, If_Match="*", **KEY)

    assert Team.objects.get().name == "Sofia"
    assert not IdempotencyKey.objects.exists()


def test_a_secret_is_not_kept_to_be_repeated(sign_in, owner):
    browser, wish = sign_in(owner), {"name": "robot", "scopes": ["sla:read"]}
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}

    first, second = (browser.post("/api/v1/tokens", wish, **sent).json() for _time in range(2))

    assert len(first["key"]) == 64
    assert second == first | {"key": None}
    assert first["key"].encode() not in bytes(IdempotencyKey.objects.get().body)
    assert ApiToken.objects.count() == 1


def test_an_upload_is_told_by_its_content_not_by_its_boundary(api):
    def send(content):
        file = SimpleUploadedFile("a.txt", content)
        headers = api.headers | {"Idempotency-Key": "k"}
        return api.client.post("/api/v1/teams/upload", {"file": file}, headers=headers)

    first, again, other = send(b"one"), send(b"one"), send(b"two")

    assert [first.status_code, again.status_code, other.status_code] == [200, 200, 422]
    assert Team.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_twins_work_once_and_get_the_same_answer(make_token):
    person = UserFactory(roles=["ad"])
    _token, key = make_token(person)
    body, start = {"name": "Sofia", "members": [str(person.pk)]}, Barrier(10)

    def send(_number):
        start.wait()
        response = Api(key).post("teams", body, **KEY)
        connection.close()
        return response

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(10)))

    done = [answer for answer in answers if answer.status_code == 201]
    busy = [answer for answer in answers if answer.status_code == 409]
    assert len(done) + len(busy) == 10
    assert len({answer.content for answer in done}) == 1
    assert {answer.json()["code"] for answer in busy} <= {"in_progress"}
    assert Team.objects.count() == 1
    assert AuditEntry.objects.filter(verb="core.create_team").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_twin_that_waits_too_long_is_told_to_come_again(make_token):
    person = UserFactory(roles=["ad"])
    _token, key = make_token(person)

    def send():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        response = Api(key).post("teams", {"name": "Sofia", "members": []}, **KEY)
        connection.close()
        return response

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        IdempotencyKey.objects.create(user=person, key="wish-1", fingerprint="?")
        response = pool.submit(send).result()

    assert (response.status_code, response.json()["code"]) == (409, "in_progress")
    assert response["Retry-After"] == "1"
    assert not Team.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_database_that_gives_up_is_503_and_frees_the_key(make_token):
    person = UserFactory(roles=["ad"])
    _token, key = make_token(person)

    def send():
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '50ms'")
        response = Api(key).post("teams", {"name": "Sofia", "members": []}, **KEY)
        connection.close()
        return response

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        IdempotencyKey.objects.create(user=person, key="wish-1", fingerprint="?")
        response = pool.submit(send).result()

    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_edit_one_team_and_one_is_told_saved(make_token):
    person = UserFactory(roles=["ad"])
    team = TeamFactory(members=[person])
    _token, key = make_token(person)
    start = Barrier(8)

    def send(number):
        start.wait()
        response = Api(key).patch(f"teams/{team.pk}", {"name": f"T{number}"}, If_Match='"1"')
        connection.close()
        return response.status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, range(8)))

    assert statuses == [200] + [412] * 7
    assert User.objects.count() == 1
