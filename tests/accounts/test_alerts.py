from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from accounts import kinds, services
from accounts.kinds import AlertKind
from accounts.models import Account, Alert
from accounts.queries import has_churn_risk, standing
from accounts.services.alert import ReasonMissing, SnoozeTooLong, SnoozeTooShort
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification, OutgoingMail
from core.operations import SYSTEM
from tests.factories import (
    NOON,
    AccountFactory,
    AlertFactory,
    ContactFactory,
    DeputyshipFactory,
    UserFactory,
)
from tests.races.processes import in_processes

API = "/api/v1/alerts"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def misses(monkeypatch):
    """Add a kind as its rule does; those of the real rules are unknown here."""
    kind = AlertKind(
        key="churn_risk",
        label="Risk of leaving",
        says=lambda facts: f"{facts['misses']} untimely",
        advice=lambda facts: "Call today: apologise and ask.",
    )
    monkeypatch.setattr(kinds, "_alerts", {kind.key: kind})
    return kind


@pytest.fixture
def alarm(account, now):
    """Return a function that raises the alarm as a rule does; amber with one miss by default."""

    def sound(**given):
        seen = {"account": account, "kind": "churn_risk", "level": "amber", "facts": {"misses": 1}}
        return services.raise_alert(**{"actor": SYSTEM, **seen, "now": now, **given})

    return sound


@pytest.fixture
def alert(alarm):
    return alarm()


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def text(response):
    return response.content.decode()


def at(row):
    return {"If-Match": f'"{row.version}"'}


def verbs(row):
    told = AuditEntry.objects.filter(target_id=row.pk).order_by("id")
    return [verb.removeprefix("accounts.") for verb in told.values_list("verb", flat=True)]


def told_of(row):
    """Return who heard of the alert, by name, in the order of names."""
    heard = Notification.objects.filter(entry__target_id=row.pk)
    return sorted(heard.values_list("recipient__name", flat=True))


def test_new_alert_goes_to_the_owner_and_says_its_figures(alert, account, manager, now):
    entry = AuditEntry.objects.get(target_id=alert.pk)

    assert (alert.state, alert.assignee, alert.raised_at) == ("open", manager, now)
    assert (entry.verb, entry.account_id) == ("accounts.raise_alert", account.pk)
    assert str(entry.says) == "Alert: 1 untimely"
    assert entry.details["seen"] == {"kind": "churn_risk", "facts": {"misses": 1}}


def test_raising_the_same_again_changes_nothing_and_leaves_no_trace(alert, alarm, now):
    again = alarm(now=now + DAY)

    assert (again.pk, again.version, again.renewed_at) == (alert.pk, 1, now)
    assert verbs(alert) == ["raise_alert"]


def test_facts_compare_as_they_are_stored(alarm):
    seen = {"misses": 1, "since": date(2026, 3, 1)}
    first = alarm(facts=seen)

    assert first.facts == {"misses": 1, "since": "2026-03-01"}
    assert alarm(facts=seen).version == 1


def test_new_figures_are_noted_without_telling_anybody(alert, alarm, manager, now):
    renewed = alarm(facts={"misses": 3}, now=now + DAY)

    assert (renewed.pk, renewed.facts, renewed.renewed_at) == (alert.pk, {"misses": 3}, now + DAY)
    assert renewed.raised_at == now
    assert verbs(alert) == ["raise_alert", "renew_alert"]
    assert told_of(alert) == [manager.name]


def test_worse_alert_is_raised_again_better_one_renewed(alert, alarm, manager, head):
    worse = alarm(level="red", facts={"misses": 2})
    better = alarm(level="amber", facts={"misses": 1})

    assert (worse.pk, better.level) == (alert.pk, "amber")
    assert verbs(alert) == ["raise_alert", "raise_alert", "renew_alert"]
    assert told_of(alert) == sorted([manager.name, manager.name, head.name])


def test_alert_that_becomes_red_is_open_and_awake_again(alert, alarm, manager, now):
    services.acknowledge_alert(actor=manager, alert=alert, now=now)
    services.snooze_alert(actor=manager, alert=alert, until=now + DAY, reason="Fair", now=now)

    red = alarm(level="red")

    assert (red.pk, red.state, red.acknowledged_at) == (alert.pk, "open", None)
    assert (red.snoozed_until, red.snooze_reason) == (None, "")


def test_alert_that_gets_worse_but_not_red_stays_put_off(alarm, manager, now):
    info = alarm(level="info")
    services.snooze_alert(actor=manager, alert=info, until=now + DAY, reason="Fair", now=now)

    assert alarm(level="amber").is_snoozed(now)


def test_each_kind_and_each_subject_has_its_own_alert(alert, alarm, account):
    contact = ContactFactory(account=account)

    about = alarm(subject=contact)

    assert alarm(subject=contact).pk == about.pk
    assert len({alert.pk, about.pk, alarm(kind="gone_quiet").pk}) == 3
    assert about.subject == contact


@pytest.mark.parametrize("subject_id", [None, uuid4()])
def test_database_keeps_one_standing_alert(account, subject_id):
    AlertFactory(account=account, subject_id=subject_id)

    with pytest.raises(IntegrityError, match="one_standing_alert"), transaction.atomic():
        AlertFactory(account=account, subject_id=subject_id)


def test_ended_alert_makes_room_for_a_new_one(alert, alarm, manager, now):
    services.resolve_alert(actor=manager, alert=alert, reason="We talked", now=now)

    assert alarm().pk != alert.pk


def test_amber_is_for_the_manager_red_for_the_heads_too_and_always_by_mail(
    alarm, manager, head, now
):
    for person in (manager, head):
        person.wants_mail = False
        person.save()

    amber = alarm()
    assert told_of(amber) == [manager.name]
    assert OutgoingMail.objects.count() == 0

    red = alarm(kind="gone_quiet", level="red")
    assert told_of(red) == sorted([manager.name, head.name])
    assert OutgoingMail.objects.count() == 2


def test_whoever_deals_with_it_and_deputies_hear_of_it_nobody_of_mere_information(
    alarm, manager, technician
):
    deputy = UserFactory(name="Deputy")
    DeputyshipFactory(person=manager, deputy=deputy, starts_on="2020-01-01", ends_on="2099-01-01")

    alert = alarm(assignee=technician)
    info = alarm(kind="gone_quiet", level="info")

    assert alert.assignee == technician
    assert told_of(alert) == sorted([manager.name, deputy.name, technician.name])
    assert told_of(info) == []


def test_notice_is_in_the_language_of_its_reader(alarm, manager, misses, monkeypatch):
    polyglot = replace(misses, says=lambda facts: translation.get_language())
    monkeypatch.setitem(kinds._alerts, polyglot.key, polyglot)
    manager.language = "bg"
    manager.save()

    alarm()

    assert OutgoingMail.objects.get().body.split("\n")[0].endswith(": bg")


def test_seen_put_off_dealt_with(alert, manager, now):
    services.acknowledge_alert(actor=manager, alert=alert, now=now)
    assert (alert.state, alert.acknowledged_at) == ("acknowledged", now)

    services.snooze_alert(actor=manager, alert=alert, until=now + DAY, reason="Fair", now=now)
    assert alert.is_snoozed(now)
    assert list(Alert.objects.awake(now)) == []
    assert list(Alert.objects.awake(now + DAY)) == [alert]

    services.resolve_alert(actor=manager, alert=alert, reason="We talked", now=now)
    assert (alert.state, alert.ended_at) == ("resolved", now)
    assert verbs(alert) == ["raise_alert", "acknowledge_alert", "snooze_alert", "resolve_alert"]
    assert AuditEntry.objects.get(verb="accounts.resolve_alert").reason == "We talked"


def test_put_off_says_until_when(alert, manager, now):
    services.snooze_alert(actor=manager, alert=alert, until=now + DAY, reason="Fair", now=now)

    entry = AuditEntry.objects.get(verb="accounts.snooze_alert")
    assert str(entry.says) == "Put off until 3 Mar 2026, 12:00: 1 untimely"


@pytest.mark.parametrize(
    ("ahead", "reason", "refusal"),
    [
        (timedelta(days=14, seconds=1), "Fair", SnoozeTooLong),
        (timedelta(seconds=59), "Fair", SnoozeTooShort),
        (timedelta(days=-1), "Fair", SnoozeTooShort),
        (timedelta(days=1), "  ", ReasonMissing),
    ],
)
def test_put_off_has_its_limits(alert, manager, now, ahead, reason, refusal):
    with pytest.raises(refusal):
        services.snooze_alert(actor=manager, alert=alert, until=now + ahead, reason=reason, now=now)


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=14)])
def test_limits_themselves_are_allowed(alert, manager, now, ahead):
    services.snooze_alert(actor=manager, alert=alert, until=now + ahead, reason="Fair", now=now)

    assert alert.snoozed_until == now + ahead


@pytest.mark.parametrize(("kind", "level"), [("no_sla", "amber"), ("churn_risk", "red")])
def test_grave_ones_are_put_off_by_heads_only(alarm, manager, head, now, kind, level):
    alert = alarm(kind=kind, level=level)
    wish = {"alert": alert, "until": now + DAY, "reason": "They are on holiday", "now": now}

    with pytest.raises(PermissionDenied):
        services.snooze_alert(actor=manager, **wish)
    services.snooze_alert(actor=head, **wish)

    assert alert.is_snoozed(now)


def test_stranger_does_nothing_the_one_who_deals_with_it_all_but_put_it_off(
    alarm, stranger, technician, now
):
    alert = alarm(assignee=technician)
    wish = {"alert": alert, "now": now}

    for service, more in (
        (services.acknowledge_alert, {}),
        (services.snooze_alert, {"until": now + DAY, "reason": "Fair"}),
        (services.resolve_alert, {"reason": "We talked"}),
    ):
        with pytest.raises(PermissionDenied):
            service(actor=stranger, **wish, **more)
    services.acknowledge_alert(actor=technician, **wish)
    with pytest.raises(PermissionDenied):
        services.snooze_alert(actor=technician, until=now + DAY, reason="Fair", **wish)
    services.resolve_alert(actor=technician, reason="We talked", **wish)


def test_people_never_raise_renew_or_expire(alarm, alert, head, now):
    with pytest.raises(PermissionDenied):
        alarm(actor=head, kind="gone_quiet")
    with pytest.raises(PermissionDenied):
        alarm(actor=head, facts={"misses": 2})
    with pytest.raises(PermissionDenied):
        services.expire_alert(actor=head, alert=alert, now=now)


def test_dealt_with_needs_words_and_ended_ones_stay_ended(alert, manager, now):
    with pytest.raises(ReasonMissing):
        services.resolve_alert(actor=manager, alert=alert, reason=" ", now=now)
    services.expire_alert(actor=SYSTEM, alert=alert, now=now)

    assert (alert.state, alert.ended_at) == ("expired", now)
    for service, more in (
        (services.acknowledge_alert, {}),
        (services.snooze_alert, {"until": now + DAY, "reason": "Fair"}),
        (services.resolve_alert, {"reason": "We talked"}),
    ):
        with pytest.raises(InvalidTransition):
            service(actor=manager, alert=alert, now=now, **more)
    with pytest.raises(InvalidTransition):
        services.expire_alert(actor=SYSTEM, alert=alert, now=now)


def test_seen_twice_is_refused_with_what_is_possible(alert, manager, now):
    services.acknowledge_alert(actor=manager, alert=alert, now=now)

    with pytest.raises(InvalidTransition) as refusal:
        services.acknowledge_alert(actor=manager, alert=alert, now=now)
    assert refusal.value.facts["allowed"] == ["resolve_alert", "snooze_alert"]


def test_churn_risk_is_a_standing_red_alert(account, alarm, manager, now):
    alarm()
    assert not has_churn_risk(account)

    alert = alarm(level="red")
    assert has_churn_risk(account)
    assert list(standing(account, "churn_risk")) == [alert]

    services.resolve_alert(actor=manager, alert=alert, reason="We talked", now=now)
    assert not has_churn_risk(account)


def test_unknown_kind_shows_its_key(alarm, sign_in, manager, account):
    alert = alarm(kind="of_yesterday")

    window = sign_in(manager)
    assert "of_yesterday" in text(window.get(page("alert", alert)))
    assert "of_yesterday" in text(window.get(page("detail", account)))


def test_page_says_what_was_seen_and_what_to_do(alert, sign_in, manager):
    shown = text(sign_in(manager).get(page("alert", alert)))

    for words in ("1 untimely", "Risk of leaving", "Call today: apologise and ask.", "Watch"):
        assert words in shown, words


def test_kind_draws_more_beside_its_sentence(alert, misses, monkeypatch, sign_in, manager):
    told = replace(misses, template="accounts/panels/_alert.html")
    monkeypatch.setitem(kinds._alerts, told.key, told)

    assert 'class="line-foot"' in text(sign_in(manager).get(page("alert", alert)))


def test_pages_reach_the_services(alert, sign_in, manager):
    window = sign_in(manager)

    window.post(page("acknowledge_alert", alert), {"version": 1})
    window.post(
        page("snooze_alert", alert), {"version": 2, "until": "2026-03-05T09:00", "reason": "Fair"}
    )
    answer = window.post(page("resolve_alert", alert), {"version": 3, "reason": "We talked"})

    assert answer.url == page("alert", alert)
    assert verbs(alert) == ["raise_alert", "acknowledge_alert", "snooze_alert", "resolve_alert"]


def test_refusal_stands_in_the_form(alert, sign_in, manager):
    form = {"version": 1, "until": "2026-05-05T09:00", "reason": "Fair"}

    answer = sign_in(manager).post(page("snooze_alert", alert), form)

    assert answer.status_code == 409
    assert "14 days at most" in text(answer)


@pytest.mark.parametrize("verb", ["acknowledge_alert", "snooze_alert", "resolve_alert"])
def test_visible_but_forbidden_is_403_and_invisible_is_404(alert, sign_in, stranger, admin, verb):
    assert sign_in(stranger).get(page(verb, alert)).status_code == 403
    assert sign_in(stranger).post(page(verb, alert)).status_code == 403
    assert sign_in(admin).get(page(verb, alert)).status_code == 404


def test_administrator_sees_no_alert(alert, sign_in, admin, account):
    window = sign_in(admin)

    assert window.get(page("alert", alert)).status_code == 404
    assert "untimely" not in text(window.get("/accounts/"))
    shown = window.get(page("detail", account))
    assert "Needs attention" not in text(shown)


def test_only_what_is_allowed_is_offered(alarm, sign_in, manager, head, stranger):
    alert = alarm(level="red")

    def offered(person):
        shown = text(sign_in(person).get(page("alert", alert)))
        actions = ("acknowledge_alert", "snooze_alert", "resolve_alert")
        return [verb for verb in actions if page(verb, alert) in shown]

    assert offered(stranger) == []
    assert offered(manager) == ["acknowledge_alert", "resolve_alert"]
    assert offered(head) == ["acknowledge_alert", "snooze_alert", "resolve_alert"]


def test_panel_puts_the_worst_first_and_tells_who_put_it_off(
    alert, alarm, sign_in, manager, account, now
):
    services.snooze_alert(actor=manager, alert=alert, until=now + DAY, reason="Fair", now=now)
    alarm(kind="gone_quiet", level="red")

    panel = sign_in(manager).get(page("detail", account)).context["panels"]()[0]

    assert [line.alert.kind for line in panel.context["alerts"]] == ["gone_quiet", "churn_risk"]
    assert [line.is_snoozed for line in panel.context["alerts"]] == [False, True]


def test_panel_without_anything_is_only_for_those_who_may_add(account, sign_in, manager, executive):
    assert "Add a task" in text(sign_in(manager).get(page("detail", account)))
    assert "Needs attention" not in text(sign_in(executive).get(page("detail", account)))


def test_account_list_shows_the_worst_alert_that_is_awake(
    alert, alarm, account, sign_in, manager, now
):
    alarm(kind="gone_quiet", level="red")
    window = sign_in(manager)

    def fact():
        cells = window.get("/accounts/").context["lines"][0].cells
        return cells[0].value

    assert (fact().level, fact().count) == ("red", 2)
    services.snooze_alert(actor=manager, alert=alert, until=now + DAY, reason="Fair", now=now)
    assert (fact().level, fact().count) == ("red", 1)


def test_rest_speaks_in_the_callers_language_and_filters(
    rest, alert, alarm, account, manager, stranger
):
    alarm(kind="gone_quiet", level="red", account=AccountFactory(), assignee=stranger)
    client = rest(manager)

    def found(query):
        return [row["kind"] for row in client.get(f"{API}?{query}").json()["results"]]

    shown = client.get(f"{API}/{alert.pk}").json()
    assert (shown["says"], shown["advice"]) == ("1 untimely", "Call today: apologise and ask.")
    assert shown["facts"] == {"misses": 1}
    assert found("") == ["gone_quiet", "churn_risk"]
    for query in (
        "kind=churn_risk",
        "level=amber",
        f"account={account.pk}",
        f"assignee={manager.pk}",
    ):
        assert found(query) == ["churn_risk"], query
    assert found("state=resolved") == []


def test_rest_reaches_the_services(rest, alert, manager):
    client, url = rest(manager), f"{API}/{alert.pk}"

    seen = client.post(f"{url}/acknowledge", {}, headers=at(alert))
    later = {"until": "2026-03-05T09:00:00Z", "reason": "Fair"}
    off = client.post(f"{url}/snooze", later, headers={"If-Match": seen["ETag"]})
    mute = client.post(f"{url}/resolve", {}, headers={"If-Match": off["ETag"]})
    done = client.post(f"{url}/resolve", {"reason": "Talked"}, headers={"If-Match": off["ETag"]})

    assert seen.json()["state"] == "acknowledged"
    assert off.json()["snoozed_until"] == "2026-03-05T09:00:00Z"
    assert (mute.status_code, mute.json()["code"]) == (409, "reason_missing")
    assert done.json()["state"] == "resolved"


def test_rest_refuses_as_the_pages_do(rest, alert, manager, stranger, admin):
    url = f"{API}/{alert.pk}"
    late = {"until": "2026-05-05T09:00:00Z", "reason": "Fair"}

    assert rest(admin).get(url).status_code == 404
    assert rest(stranger).post(f"{url}/acknowledge", {}, headers=at(alert)).status_code == 403
    answer = rest(manager).post(f"{url}/snooze", late, headers=at(alert))
    assert answer.json()["code"] == "snooze_too_long"


@pytest.mark.parametrize("surface", ["panel", "list", "rest"])
def test_surfaces_cost_the_same_for_one_alert_and_for_three(
    sign_in, manager, account, query_count, surface
):
    window = sign_in(manager)
    url = {"panel": page("detail", account), "list": "/accounts/", "rest": API}[surface]

    AlertFactory(account=account)
    one = query_count(window, url)
    for kind in ("gone_quiet", "no_sla"):
        AlertFactory(account=account, kind=kind, assignee=UserFactory())
    AlertFactory(account=AccountFactory(owner=manager))

    assert query_count(window, url) == one


def sound_with(account_id, misses):
    """Raise, in a process of its own, an alarm that no rule words."""
    account = Account.objects.get(pk=account_id)
    seen = {"kind": "of_nobody", "level": "amber", "facts": {"misses": misses}}
    alert = services.raise_alert(actor=SYSTEM, account=account, **seen, now=NOON)
    return str(alert.pk)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_four_rules_that_see_the_same_at_once_one_raises(account):
    seen = in_processes(4, sound_with, account.pk, 1)

    assert len(set(seen)) == 1
    assert verbs(Alert.objects.get()) == ["raise_alert"]
