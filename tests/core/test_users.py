from datetime import date

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.models import ApiToken, AuditEntry, Deputyship, Notification, OutgoingMail, Team, User
from core.services.deputyship import DeputyRefused, end_deputy, set_deputy
from core.services.team import TeamNameTaken, create_team, edit_team
from core.services.user import (
    EmailTaken,
    LastAdministrator,
    ProgramsDecideNothing,
    create_user,
    deactivate_user,
    edit_user,
    reactivate_user,
)
from tests.factories import DeputyshipFactory, TeamFactory, UserFactory

TODAY = date(2026, 3, 2)
NEW = {"email": "Vera@Kamerton.test ", "name": "Vera", "roles": ["am", "sa"], "language": "uk"}


def add(actor, now, **changed):
    return create_user(actor=actor, now=now, **NEW | changed)


def edit(actor, user, now, **changed):
    same = {"email": user.email, "name": user.name, "roles": user.roles}
    return edit_user(actor=actor, user=user, now=now, **same | changed)


def remember_session(user, client):
    session = client.session
    session.save()
    UserSession.objects.create(
        user=user, ip="127.0.0.1", user_agent="", session_key=session.session_key
    )


def test_a_new_person_gets_a_mail_in_his_language_and_no_password(admin, now):
    person = add(admin, now)

    assert (person.email, person.has_usable_password()) == ("vera@kamerton.test", False)
    mail = OutgoingMail.objects.get()
    assert mail.to == "vera@kamerton.test"
    assert "/auth/password/reset/" in mail.body
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.target_id) == ("core.create_user", admin, person.pk)
    assert entry.changes["name"] == ["•••", "•••"]
    assert str(entry.says) == "Added a person: am, sa"


def test_a_new_program_gets_no_mail(admin, now):
    add(admin, now, roles=["api"])

    assert not OutgoingMail.objects.exists()


def test_the_invitation_lets_the_person_set_a_password(admin, now, client):
    person = add(admin, now)
    link = OutgoingMail.objects.get().body.split()[-1].removeprefix("http://127.0.0.1:8000")
    form = client.get(link, follow=True)

    typed = {"password1": "Tuning-Fork-440", "password2": "Tuning-Fork-440"}
    client.post(form.request["PATH_INFO"], typed)

    person.refresh_from_db()
    assert person.check_password("Tuning-Fork-440")


@pytest.mark.parametrize("role", ["hk", "fi", "ex"])
def test_a_program_cannot_decide(admin, now, role):
    with pytest.raises(ProgramsDecideNothing):
        add(admin, now, roles=["api", role])


def test_an_address_belongs_to_one_person(admin, now):
    UserFactory(email="vera@kamerton.test")

    with pytest.raises(EmailTaken):
        add(admin, now)


def test_changed_roles_end_the_sessions_of_the_person(admin, now, manager, sign_in):
    visitor = sign_in(manager)
    remember_session(manager, visitor)

    edit(admin, manager, now, name="Same roles")
    assert visitor.get(reverse("core:profile")).status_code == 200
    edit(admin, manager, now, roles=["am", "sa"])

    assert visitor.get(reverse("core:profile")).status_code == 302


def test_a_closed_access_ends_at_once_and_opens_again(admin, now, manager, sign_in):
    visitor = sign_in(manager)
    remember_session(manager, visitor)

    deactivate_user(actor=admin, user=manager, now=now)
    assert visitor.get(reverse("core:profile")).status_code == 302
    reactivate_user(actor=admin, user=manager, now=now)

    manager.refresh_from_db()
    assert manager.is_active


def test_the_last_administrator_stays(admin, now):
    with pytest.raises(LastAdministrator):
        deactivate_user(actor=admin, user=admin, now=now)
    with pytest.raises(LastAdministrator):
        edit(admin, admin, now, roles=["hk"])

    UserFactory(roles=["ad", "hk"])
    edit(admin, admin, now, roles=["hk"])
    assert not User.objects.get(pk=admin.pk).has_role("ad")


@pytest.mark.parametrize("role", ["am", "sa", "hk", "te", "fi", "ex", "api"])
def test_only_administrators_keep_people_and_teams(people, now, role):
    actor, other = people[role], UserFactory()
    for attempt in (
        lambda: add(actor, now),
        lambda: edit(actor, other, now),
        lambda: deactivate_user(actor=actor, user=other, now=now),
        lambda: create_team(actor=actor, name="T", members=[], now=now),
        lambda: edit_team(actor=actor, team=TeamFactory(), name="T", members=[], now=now),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_team_remembers_who_came_and_went(admin, now, manager, agent):
    team = create_team(actor=admin, name="North", members=[manager], now=now)

    edit_team(actor=admin, team=team, name="North", members=[agent], now=now)

    assert list(team.members.all()) == [agent]
    changes = AuditEntry.objects.get(verb="core.edit_team").changes
    assert changes == {"members": [[str(manager.pk)], [str(agent.pk)]]}


def test_a_team_has_a_name_of_its_own(admin, now):
    team = TeamFactory(name="North")

    edit_team(actor=admin, team=team, name="North", members=[], now=now)
    with pytest.raises(TeamNameTaken):
        create_team(actor=admin, name="North", members=[], now=now)


def days(start, end):
    return {"starts_on": date(2026, 3, start), "ends_on": date(2026, 3, end)}


def test_a_deputy_is_named_by_the_person_or_the_head(manager, agent, head, now):
    set_deputy(actor=manager, person=manager, deputy=agent, now=now, **days(2, 3))
    set_deputy(actor=head, person=manager, deputy=agent, now=now, **days(4, 9))

    assert Notification.objects.filter(recipient=agent).count() == 2
    says = AuditEntry.objects.order_by("id").last().says
    assert str(says) == "Named a deputy from 4 March 2026 to 9 March 2026"
    with pytest.raises(PermissionDenied):
        set_deputy(actor=agent, person=manager, deputy=agent, now=now, **days(10, 11))


@pytest.mark.parametrize(
    ("deputy", "first", "last"),
    [("am", 4, 5), ("api", 4, 5), ("sa", 5, 4), ("sa", 1, 1), ("sa", 8, 12)],
    ids=["himself", "a program", "turned round", "past", "overlapping"],
)
def test_a_deputy_who_cannot_be_is_refused(people, now, deputy, first, last):
    manager = people["am"]
    DeputyshipFactory(person=manager, deputy=people["te"], **days(9, 9))

    with pytest.raises(DeputyRefused):
        set_deputy(
            actor=manager, person=manager, deputy=people[deputy], now=now, **days(first, last)
        )
    assert Deputyship.objects.count() == 1


@pytest.mark.parametrize(("first", "last"), [(1, 9), (2, 2), (5, 9)])
def test_a_deputys_time_ends_at_once(manager, agent, now, first, last):
    deputyship = DeputyshipFactory(person=manager, deputy=agent, **days(first, last))

    end_deputy(actor=manager, deputyship=deputyship, now=now)

    assert deputyship.starts_on <= deputyship.ends_on < TODAY
    with pytest.raises(DeputyRefused):
        end_deputy(actor=manager, deputyship=deputyship, now=now)


def test_people_and_teams_are_kept_on_pages(admin, sign_in):
    visitor = sign_in(admin)
    typed = {"email": "v@kamerton.test", "name": "Vera", "roles": ["am"], "language": "bg"}

    answer = visitor.post(reverse("core:create_user"), typed)

    person = User.objects.get(email="v@kamerton.test")
    assert answer["Location"] == reverse("core:user", args=[person.pk])
    assert "v@kamerton.test" in visitor.get(answer["Location"]).text
    typed |= {"name": "Vera K", "version": 1}
    visitor.post(reverse("core:edit_user", args=[person.pk]), typed)
    visitor.post(reverse("core:create_team"), {"name": "North", "members": [person.pk]})
    visitor.post(reverse("core:end_sessions", args=[person.pk]))
    visitor.post(reverse("core:deactivate_user", args=[person.pk]))
    person.refresh_from_db()
    assert (person.name, person.is_active) == ("Vera K", False)
    assert list(Team.objects.get().members.all()) == [person]
    visitor.post(reverse("core:reactivate_user", args=[person.pk]))
    assert AuditEntry.objects.filter(target_id=person.pk).count() == 5


@pytest.mark.parametrize("name", ["people", "create_user", "create_team", "mail"])
def test_the_pages_of_administrators_are_closed_to_others(people, sign_in, name):
    for role, person in people.items():
        status = sign_in(person).get(reverse(f"core:{name}")).status_code
        assert status == (200 if role == "ad" else 403), role


def test_absences_are_kept_by_the_head_and_administrators(people, sign_in):
    for role, person in people.items():
        status = sign_in(person).get(reverse("core:absences")).status_code
        assert status == (200 if role in {"ad", "hk"} else 403), role


def test_the_head_names_and_ends_a_deputy_for_others(head, manager, agent, sign_in, clock):
    visitor = sign_in(head)
    typed = {"person": manager.pk, "deputy": agent.pk, **days(2, 6)}

    visitor.post(reverse("core:absences"), typed)

    page = visitor.get(reverse("core:absences")).text
    assert manager.name in page
    deputyship = Deputyship.objects.get()
    answer = visitor.post(reverse("core:end_deputy", args=[deputyship.pk]))
    assert answer["Location"] == reverse("core:absences")


def test_a_person_names_his_deputy_and_cannot_touch_others(manager, agent, sign_in, clock):
    visitor = sign_in(manager)
    others = DeputyshipFactory(**days(2, 9))

    visitor.post(reverse("core:set_deputy"), {"deputy": agent.pk, **days(2, 6)})

    own = Deputyship.objects.get(person=manager)
    assert f"You stand in for {manager.name}" in sign_in(agent).get(reverse("core:profile")).text
    assert agent.name in visitor.get(reverse("core:profile")).text
    assert visitor.post(reverse("core:end_deputy", args=[others.pk])).status_code == 404
    answer = visitor.post(reverse("core:end_deputy", args=[own.pk]))
    assert answer["Location"] == reverse("core:profile")


def test_a_person_changes_the_own_settings(manager, sign_in):
    visitor = sign_in(manager)
    typed = {"name": "Mira", "phone": "+359 2 1", "time_zone": "Europe/Kyiv", "version": 1}

    visitor.post(reverse("core:set_preferences"), typed)

    manager.refresh_from_db()
    assert (manager.name, manager.time_zone, manager.wants_mail) == ("Mira", "Europe/Kyiv", False)
    for wrong, status in (({"name": "Other"}, 412), ({"time_zone": "Mars"}, 422)):
        answer = visitor.post(reverse("core:set_preferences"), typed | wrong)
        assert answer.status_code == status


def test_language_is_the_cookies_before_and_the_persons_after_sign_in(client, manager, sign_in):
    assert client.post(reverse("set_language"), {"language": "ru"}).cookies["django_language"]

    visitor = sign_in(manager)
    answer = visitor.post(reverse("set_language"), {"language": "bg", "next": "/profile/"})
    visitor.post(reverse("set_language"), {"language": "de"})

    manager.refresh_from_db()
    assert (answer["Location"], manager.language) == ("/profile/", "bg")


def test_language_never_leads_elsewhere(client, db):
    typed = {"language": "bg", "next": "https://elsewhere.test/"}

    assert client.post(reverse("set_language"), typed)["Location"] == "/"


def test_theme_is_kept_in_a_cookie(manager, sign_in):
    visitor = sign_in(manager)

    visitor.post(reverse("core:set_theme"), {"theme": "dark"})
    assert 'data-bs-theme="dark"' in visitor.get(reverse("core:profile")).text
    visitor.post(reverse("core:set_theme"), {"theme": "pink"})

    assert 'data-bs-theme="dark"' in visitor.get(reverse("core:profile")).text


def test_a_tokens_key_is_shown_once(manager, sign_in):
    visitor = sign_in(manager)
    drawn = visitor.get(reverse("core:create_token")).context["csrf_token"]
    typed = {"name": "ERP", "scopes": ["accounts:read"], "csrfmiddlewaretoken": str(drawn)}

    answer = visitor.post(reverse("core:create_token"), typed)
    again = visitor.post(reverse("core:create_token"), typed)

    token, key = ApiToken.objects.get(), answer.context["key"]
    assert (len(key), key in answer.text) == (64, True)
    assert again["Location"] == reverse("core:profile")
    assert key not in visitor.get(reverse("core:profile")).text
    visitor.post(reverse("core:revoke_token", args=[token.public_id]))
    assert not ApiToken.objects.exists()


def test_nobody_revokes_anothers_token_on_a_page(manager, agent, sign_in):
    sign_in(agent).post(reverse("core:create_token"), {"name": "ERP", "scopes": ["accounts:read"]})
    token = ApiToken.objects.get()

    answer = sign_in(manager).post(reverse("core:revoke_token", args=[token.public_id]))

    assert (answer.status_code, ApiToken.objects.count()) == (404, 1)


def test_failed_mail_is_seen_without_its_words_and_tried_again(admin, sign_in):
    failed = OutgoingMail.objects.create(
        to="c@client.test", subject="Secret", body="Secret", state="failed", attempts=9,
        last_error="refused",
    )  # fmt: skip
    visitor = sign_in(admin)
    page = visitor.get(reverse("core:mail")).text

    visitor.post(reverse("core:retry_mail"))

    assert ("c@client.test" in page, "refused" in page, "Secret" in page) == (True, True, False)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("waiting", 0)
    assert str(AuditEntry.objects.get().says) == "Sent failed mail once more: 1"


@pytest.mark.parametrize("name", ["people", "absences", "mail"])
def test_lists_cost_the_same_for_one_and_three_rows(admin, sign_in, name, query_count):
    visitor = sign_in(admin)

    def grow():
        team = TeamFactory(members=[UserFactory()])
        DeputyshipFactory(starts_on=timezone.localdate(), ends_on=timezone.localdate())
        OutgoingMail.objects.create(to="c@client.test", subject="s", body="b")
        return team

    grow()
    one = query_count(visitor, reverse(f"core:{name}"))
    grow()
    grow()
    three = query_count(visitor, reverse(f"core:{name}"))

    assert one == three <= 10
