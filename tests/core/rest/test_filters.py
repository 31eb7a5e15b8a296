import pytest

from tests.factories import TeamFactory, UserFactory


def test_filters_narrow_the_list(api, owner, team):
    other = TeamFactory(name="Sofia", members=[owner, UserFactory()])
    member = other.members.exclude(pk=owner.pk).get()

    by_name = api.get("teams?q=SOF").json()["results"]
    by_member = api.get(f"teams?member={member.pk}&version=1").json()["results"]

    assert [row["name"] for row in by_name] == ["Sofia"]
    assert [row["name"] for row in by_member] == ["Sofia"]


def test_a_filter_never_shows_what_is_not_visible(api, team):
    TeamFactory(name="Foreign")

    assert api.get("teams?q=Foreign").json()["results"] == []


@pytest.mark.parametrize("path", ["teams?colour=red", "teams?Q=x", "audit?changes=x", "me?q=1"])
def test_an_unknown_parameter_is_named(api, path):
    response = api.get(path)

    if path.startswith("me"):
        assert response.status_code == 200
        return
    [error] = response.json()["errors"]
    assert (response.status_code, error["code"]) == (400, "unknown_parameter")
    assert error["field"] == path.partition("?")[2].partition("=")[0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("version=x", "version"),
        ("version=NaN", "version"),
        ("version=1e999999", "version"),
        ("member=x", "member"),
        ("since=yesterday", "since"),
        ("since=2026-13-45", "since"),
        ("kind=b", "kind"),
    ],
)
def test_a_bad_value_is_named(api, query, field):
    response = api.get(f"teams?{query}")

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_filters_do_not_touch_a_single_row(api, team):
    assert api.get(f"teams/{team.pk}?q=nothing").status_code == 200
