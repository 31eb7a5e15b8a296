import pytest

from core.models import Team


def test_an_answer_carries_its_version_as_etag(api, team):
    etag = api.get(f"teams/{team.pk}")["ETag"]

    assert etag.startswith('"1-')
    assert api.patch(f"teams/{team.pk}", {"name": "Bonn"}, If_Match=etag)["ETag"].startswith('"2-')


def test_a_change_without_if_match_is_refused(api, team):
    response = api.patch(f"teams/{team.pk}", {"name": "Bonn"})

    assert (response.status_code, response.json()["code"]) == (428, "precondition_required")
    assert api.post(f"teams/{team.pk}/leave").status_code == 428
    assert Team.objects.get().name == "Berlin"


@pytest.mark.parametrize("seen", ['"7"', '"7", "8-ab"', 'W/"7"', '"x"', '""', f'"{"9" * 50}"'])
def test_a_change_of_what_was_not_seen_is_refused(api, team, seen):
    response = api.patch(f"teams/{team.pk}", {"name": "Bonn"}, If_Match=seen)

    assert (response.status_code, response.json()["code"]) == (412, "stale_version")
    assert response.json()["actual"] == 1


@pytest.mark.parametrize("seen", ['"1"', '"1-anything"', 'W/"1-ab"', '"7", "1"', "*"])
def test_the_version_alone_decides(api, team, seen):
    assert api.patch(f"teams/{team.pk}", {"name": "Bonn"}, If_Match=seen).status_code == 200


@pytest.mark.parametrize("seen", ["1", "", "W/1", "\x7f"])
def test_an_unreadable_if_match_says_how_it_should_look(api, team, seen):
    response = api.patch(f"teams/{team.pk}", {"name": "Bonn"}, If_Match=seen)

    assert response.status_code == 400
    assert '"3"' in response.json()["detail"]


def test_an_unchanged_answer_is_not_sent_again(api, team):
    etag = api.get(f"teams/{team.pk}")["ETag"]

    again = api.get(f"teams/{team.pk}", If_None_Match=etag)
    weak = api.get(f"teams/{team.pk}", If_None_Match=f'W/{etag}, "other"')

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert weak.status_code == 304


def test_what_changed_beside_the_row_is_sent_again(api, team, owner):
    etag = api.get(f"teams/{team.pk}")["ETag"]
    owner.name = "Renamed"
    owner.save()

    response = api.get(f"teams/{team.pk}", If_None_Match=etag)

    assert response.status_code == 200
    assert response.json()["version"] == 1
