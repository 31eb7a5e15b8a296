import pytest

from core.models import AuditEntry, Team
from tests.factories import NotificationFactory, TeamFactory, UserFactory


def test_a_list_shows_the_visible_rows_only(api, team):
    TeamFactory(name="Foreign")

    response = api.get("teams")

    assert response.status_code == 200
    assert [row["name"] for row in response.json()["results"]] == ["Berlin"]


def test_a_detail_may_say_more_than_the_list(api, team, owner):
    detail = api.get(f"teams/{team.pk}").json()

    assert detail["members"] == [{"id": str(owner.pk), "name": owner.name}]
    assert "members" not in api.get("teams").json()["results"][0]


def test_foreign_absent_and_impossible_ids_answer_the_same(api, team):
    foreign = TeamFactory()
    absent = "018f0000-0000-7000-8000-000000000000"

    answers = [api.get(f"teams/{each}") for each in (foreign.pk, absent, "no-id", "%00", "1")]

    assert {answer.status_code for answer in answers[:3]} == {404}
    assert len({answer.content for answer in answers[:3]}) == 1
    assert {answer.status_code for answer in answers[3:]} <= {400, 404}


def test_a_model_without_a_visibility_rule_shows_nothing(api):
    with pytest.raises(AttributeError, match="visible_to"):
        api.get("timers")


def test_create_calls_the_service_and_says_where_the_row_is(api, owner):
    response = api.post("teams", {"name": "Sofia", "members": [str(owner.pk)]})

    made = Team.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"/api/v1/teams/{made.pk}"
    assert response.json()["members"][0]["id"] == str(owner.pk)
    assert AuditEntry.objects.filter(verb="core.create_team", target_id=made.pk).count() == 1


def test_what_the_maker_may_not_see_is_made_without_being_shown(api):
    response = api.post("teams", {"name": "Others", "members": []})

    assert (response.status_code, response.content) == (204, b"")
    assert Team.objects.filter(name="Others").exists()


def test_a_patch_leaves_what_it_does_not_name(api, team, owner):
    response = api.patch(f"teams/{team.pk}", {"name": "Bonn"}, If_Match='"1"')

    team.refresh_from_db()
    assert response.status_code == 200
    assert (team.name, list(team.members.all())) == ("Bonn", [owner])


def test_a_patch_of_the_set_keeps_the_name(api, team, owner):
    other = UserFactory()

    members = [str(owner.pk), str(other.pk)]
    api.patch(f"teams/{team.pk}", {"members": members}, If_Match="*")

    team.refresh_from_db()
    assert (team.name, team.members.count()) == ("Berlin", 2)


def test_a_patch_takes_the_default_of_what_the_row_does_not_have(api, team):
    plain = api.patch(f"teams/{team.pk}", {}, If_Match="*").json()["name"]
    longer = api.patch(f"teams/{team.pk}", {"suffix": "-Ost"}, If_Match="*").json()["name"]

    assert (plain, longer) == ("Berlin", "Berlin-Ost")


def test_a_child_is_made_under_its_parent_without_a_version(api, team):
    guest = UserFactory(name="Guest")

    response = api.post(f"teams/{team.pk}/members", {"user": str(guest.pk)})

    assert (response.status_code, response.json()["name"]) == (201, "Guest")
    assert "Location" not in response
    assert guest in team.members.all()


def test_a_row_is_named_only_by_who_may_see_it(api, team, owner):
    mine, foreign = NotificationFactory(recipient=owner), NotificationFactory()
    path, absent = f"teams/{team.pk}/explain", "018f0000-0000-7000-8000-000000000000"

    def name(notification):
        return api.post(path, {"notification": notification}, If_Match="*")

    refused = [name(each) for each in (str(foreign.pk), absent)]
    assert name(str(mine.pk)).status_code == 200
    assert {response.status_code for response in refused} == {400}
    assert len({response.content for response in refused}) == 1
    assert [name(bad).status_code for bad in ("x", 5, None, {}, [], True)] == [400] * 6


def test_an_action_that_takes_the_row_out_of_sight_answers_without_it(api, team):
    response = api.post(f"teams/{team.pk}/leave", If_Match='"1"')

    assert response.status_code == 204
    assert not team.members.exists()


def test_an_illegal_transition_names_what_is_possible(api, team):
    response = api.post(f"teams/{team.pk}/dissolve-for-good", If_Match='"1"')

    assert response.status_code == 409
    assert response.json()["code"] == "illegal_transition"
    assert response.json()["allowed"] == ["found", "rename"]


def test_seeing_is_not_being_allowed(program, team):
    member = UserFactory(roles=["am"])
    team.members.add(member)

    response = program(member).patch(f"teams/{team.pk}", {"name": "Mine"}, If_Match='"1"')

    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


def test_a_sublist_is_paged_in_its_own_order(api, team, owner):
    team.members.add(*(UserFactory(name=name) for name in ("Ada", "Zoe")))

    first = api.get(f"teams/{team.pk}/members?limit=2").json()

    assert [row["name"] for row in first["results"]] == ["Ada", owner.name]
    assert api.get(f"teams/{TeamFactory().pk}/members").status_code == 404


def test_times_are_told_and_read_in_utc(api, team, settings):
    row = api.get("teams").json()["results"][0]
    said = api.post(
        "teams/price",
        {"price": {"amount": "1.00", "currency": "EUR"}, "at": "2026-03-02T12:00:00"},
    )

    assert row["created_at"].endswith("Z")
    assert said.json()["at"] == "2026-03-02 12:00:00+00:00"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_the_same_queries_for_one_row_as_for_three(
    rows, api, owner, django_assert_num_queries
):
    for _row in range(rows):
        TeamFactory(members=[owner])

    with django_assert_num_queries(2):
        assert len(api.get("teams").json()["results"]) == rows


def test_options_is_not_offered(api, team):
    assert api("OPTIONS", "teams").status_code == 405
