from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import services
from accounts.flight import flight, median_and_p90
from accounts.models import BadNews, ClientLimit
from accounts.services.bad_news import (
    KnownInTheFuture,
    NotSaidHow,
    ReasonMissing,
    ToldAtNoSuchTime,
)
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification, OutgoingMail, Timer, User
from core.nav import quick_actions
from core.timers import run_due
from tests.conftest import HTMX
from tests.examples import example
from tests.factories import (
    AccountFactory,
    BadNewsFactory,
    ComplaintFactory,
    DeputyshipFactory,
    UserFactory,
)

SOFIA = ZoneInfo("Europe/Sofia")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REPORT, LIST, API = "/accounts/bad-news/new/", "/accounts/bad-news/", "/api/v1/bad-news"
WHAT = "The shipment stands at the border."


@pytest.fixture
def reporter(db):
    """A colleague with a name that must not be told about."""
    return UserFactory(email="yuri@kamerton.test", name="Yuri Melnyk", roles=["sa"])


@pytest.fixture
def report(reporter, account, now):
    """Return a function that tells bad news of the account, known for 5 minutes."""

    def tell(**given):
        words = {"actor": reporter, "account": account, "what": WHAT, "now": now}
        words |= {"first_known_at": now - 5 * MINUTE, "may_cause": "The opening is put off"}
        return services.report_bad_news(**{**words, **given})

    return tell


@pytest.fixture
def news(report):
    return report()


def told(verb):
    heard = Notification.objects.filter(entry__verb=f"accounts.{verb}")
    return set(heard.values_list("recipient__name", flat=True))


def mailed():
    return set(OutgoingMail.objects.values_list("to", flat=True))


def page(name, news):
    return reverse(f"accounts:{name}", args=[news.pk])


def text(response):
    return response.content.decode()


def at(row):
    return {"If-Match": f'"{row.version}"'}


def test_flight_times_are_those_of_the_worked_example(report, manager, agent):
    told_times, expected = example("E4.8")
    known, aware, client = (
        datetime.fromisoformat(told_times[name]).replace(tzinfo=SOFIA)
        for name in ("first_known", "manager_aware", "client_told")
    )

    news = report(first_known_at=known, now=known + 2 * MINUTE)
    services.acknowledge_bad_news(actor=manager, news=news, now=aware)
    services.tell_client(actor=agent, news=news, how="By phone", now=client)

    flown = flight(news.first_known_at, news.acknowledged_at, news.told_at)
    assert flown.to_manager == expected["to_manager_min"] * MINUTE
    assert flown.to_client == expected["to_client_min"] * MINUTE


def test_flight_that_has_not_arrived_has_no_time(now):
    assert flight(now, None, None).to_manager is None
    assert flight(now, now, None).to_client is None


def test_nobody_hears_before_it_is_known(now):
    with pytest.raises(ValueError, match="before it is first known"):
        flight(now, now - MINUTE, None)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([], None),
        ([7], (7, 7)),
        ([30, 10], (20, 30)),
        (range(1, 11), (5.5, 9)),
        (range(1, 12), (6, 10)),
    ],
)
def test_median_and_90th_percentile_are_read_off_the_ordered_times(minutes, expected):
    found = median_and_p90([each * MINUTE for each in minutes])

    assert found == (expected and tuple(each * MINUTE for each in expected))


@given(st.lists(st.timedeltas(timedelta(), timedelta(days=9)), min_size=1))
def test_90_percent_of_the_times_do_not_exceed_the_percentile(times):
    median, p90 = median_and_p90(times)

    assert median <= p90
    assert p90 in times
    assert sum(each <= p90 for each in times) >= len(times) * 9 / 10


@pytest.mark.parametrize("role", User.Role.values)
def test_everybody_of_ours_tells_bad_news(people, account, role, now):
    news = services.report_bad_news(
        actor=people[role], account=account, what=WHAT, first_known_at=None, now=now
    )

    assert (news.reported_by, news.first_known_at, news.reported_at) == (people[role], now, now)


@pytest.mark.parametrize("stage", ["lead", "declined", "former"])
def test_nothing_blocks_bad_news(report, stage, now):
    account = AccountFactory(stage=stage, archived_at=now)
    for number in range(3):
        report(account=account, what=f"Again {number}")

    assert account.bad_news.count() == 3


def test_manager_must_acknowledge_within_an_hour_of_open_time(report, now):
    evening = now + 5 * HOUR + 30 * MINUTE

    assert report().ack_due_at == now + HOUR
    assert report(now=evening).ack_due_at == datetime(2026, 3, 3, 7, 30, tzinfo=UTC)


def test_nobody_knows_it_in_the_future(report, now):
    with pytest.raises(KnownInTheFuture):
        report(first_known_at=now + MINUTE)


def test_manager_his_deputy_and_the_heads_hear_at_once_and_by_mail(
    report, account, manager, head, stranger
):
    User.objects.update(wants_mail=False)
    DeputyshipFactory(
        person=manager, deputy=stranger, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1)
    )

    report()

    assert told("report_bad_news") == {manager.name, head.name, stranger.name}
    assert mailed() == {manager.email, head.email, stranger.email}


def test_news_of_the_manager_himself_is_acknowledged_and_heard_by_the_heads(report, manager, head):
    news = report(actor=manager)

    assert (news.acknowledged_by, news.acknowledged_at) == (manager, news.reported_at)
    assert told("report_bad_news") == {head.name}
    assert not Timer.objects.filter(subject_id=news.pk).exists()


@pytest.mark.parametrize("who", ["manager", "head", "deputy", "stand_in", "team"])
def test_first_who_acknowledges_counts(request, report, account, manager, head, stranger, who, now):
    if who == "deputy":
        account.deputy = stranger
        account.save()
    if who == "stand_in":
        DeputyshipFactory(
            person=manager, deputy=stranger, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1)
        )
    if who == "team":
        account.team.add(stranger)
    news = report()
    actor = {"manager": manager, "head": head}.get(who, stranger)

    services.acknowledge_bad_news(actor=actor, news=news, now=now + MINUTE)

    assert (news.acknowledged_by, news.acknowledged_at) == (actor, now + MINUTE)
    with pytest.raises(InvalidTransition) as refused:
        services.acknowledge_bad_news(actor=head, news=news, now=now + HOUR)
    assert refused.value.facts["allowed"] == ["spare_client", "tell_client", "thank_messenger"]


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("acknowledge_bad_news", {}),
        ("tell_client", {"how": "By phone"}),
        ("spare_client", {"reason": "It does not touch him"}),
        ("thank_messenger", {}),
    ],
)
def test_others_decide_nothing_about_it(news, technician, stranger, verb, given, now):
    for actor in (technician, stranger, news.reported_by):
        if (actor, verb) == (news.reported_by, "tell_client"):
            continue
        with pytest.raises(PermissionDenied):
            getattr(services, verb)(actor=actor, news=news, now=now, **given)


def test_support_tells_the_client_and_the_manager_must_still_acknowledge(news, agent, now):
    services.tell_client(actor=agent, news=news, how="By phone", now=now)

    assert (news.told_by, news.told_at, news.is_acknowledged) == (agent, now, False)
    assert Timer.objects.filter(subject_id=news.pk, fired_at=None).count() == 2
    assert told("tell_client") == set()


def test_manager_who_tells_the_client_has_acknowledged_it(news, manager, now):
    earlier = news.first_known_at + MINUTE

    services.tell_client(actor=manager, news=news, how="By phone", told_at=earlier, now=now)

    assert (news.told_at, news.acknowledged_at) == (earlier, news.reported_at)
    assert not Timer.objects.filter(subject_id=news.pk).exists()
    entry = AuditEntry.objects.get(verb="accounts.tell_client")
    assert (entry.at, entry.happened_at) == (now, earlier)


@pytest.mark.parametrize("off", [-6 * MINUTE, MINUTE])
def test_client_hears_after_it_is_known_and_not_in_the_future(news, manager, off, now):
    with pytest.raises(ToldAtNoSuchTime):
        services.tell_client(actor=manager, news=news, how="x", told_at=now + off, now=now)


def test_client_hears_once_and_it_is_said_how(news, manager, now):
    with pytest.raises(NotSaidHow):
        services.tell_client(actor=manager, news=news, how=" ", now=now)

    services.tell_client(actor=manager, news=news, how="By phone", now=now)
    for verb, words in (("tell_client", {"how": "x"}), ("spare_client", {"reason": "x"})):
        with pytest.raises(InvalidTransition):
            getattr(services, verb)(actor=manager, news=news, now=now, **words)


def test_client_is_spared_with_a_reason_and_may_be_told_all_the_same(news, manager, head, now):
    with pytest.raises(ReasonMissing):
        services.spare_client(actor=manager, news=news, reason=" ", now=now)

    services.spare_client(actor=manager, news=news, reason="Solved before noon", now=now)
    assert news.is_acknowledged
    with pytest.raises(InvalidTransition):
        services.spare_client(actor=head, news=news, reason="x", now=now)

    services.tell_client(actor=manager, news=news, how="By phone", now=now)
    assert (news.told_how, news.spared_because) == ("By phone", "")


def test_messenger_is_thanked_once_and_hears_of_it(news, manager, head, reporter, now):
    services.thank_messenger(actor=manager, news=news, now=now)

    assert news.thanked_at == now
    assert news.is_acknowledged
    assert told("thank_messenger") == {reporter.name}
    with pytest.raises(InvalidTransition):
        services.thank_messenger(actor=head, news=news, now=now)


def test_nobody_thanks_himself(report, head, manager, now):
    for actor in (head, manager):
        with pytest.raises(PermissionDenied):
            services.thank_messenger(actor=actor, news=report(actor=actor), now=now)


def steps():
    entries = AuditEntry.objects.filter(verb="accounts.remind_bad_news").order_by("at", "id")
    return [entry.details["steps"] for entry in entries]


def test_deputy_and_team_are_asked_after_15_minutes(report, account, now):
    account.deputy = UserFactory(name="Deputy")
    account.save()
    account.team.set([UserFactory(name="Team"), UserFactory(name="Gone", is_active=False)])
    report()

    run_due(now + 14 * MINUTE)
    assert steps() == []
    run_due(now + 15 * MINUTE)
    run_due(now + 16 * MINUTE)
    assert steps() == [["deputy"]]
    assert told("remind_bad_news") == {"Deputy", "Team"}


def test_whoever_stands_in_for_the_manager_is_asked_after_15_minutes(
    report, manager, head, stranger, now
):
    DeputyshipFactory(
        person=manager, deputy=stranger, starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1)
    )
    report()

    run_due(now + 15 * MINUTE)

    assert told("remind_bad_news") == {stranger.name}


def test_heads_are_asked_again_when_nobody_stands_beside_the_manager(news, head, now):
    run_due(now + 15 * MINUTE)

    assert told("remind_bad_news") == {head.name}


def test_manager_and_heads_hear_when_it_is_overdue(report, account, manager, head, now):
    account.deputy = UserFactory(name="Deputy")
    account.save()
    report()
    run_due(now + 15 * MINUTE)
    Notification.objects.all().delete()

    run_due(now + HOUR)

    assert steps() == [["deputy"], ["overdue"]]
    assert told("remind_bad_news") == {manager.name, head.name}


def test_after_an_outage_each_news_is_reminded_of_once_with_its_lag(
    report, account, manager, head, now
):
    account.deputy = UserFactory(name="Deputy")
    account.save()
    several = [report() for _number in range(3)]

    run_due(now + 5 * HOUR, batch=2)

    entries = AuditEntry.objects.filter(verb="accounts.remind_bad_news")
    assert {entry.target_id for entry in entries} == {news.pk for news in several}
    assert steps() == [["deputy", "overdue"]] * 3
    assert {entry.details["lag_seconds"] for entry in entries} == {4 * 3600}
    assert told("remind_bad_news") == {"Deputy", manager.name, head.name}
    assert not Timer.objects.filter(fired_at=None).exists()
    assert str(entries[0].says) == (
        "Nobody has acknowledged the bad news yet: due 2 Mar 2026, 13:00"
    )


def test_acknowledged_news_reminds_nobody(news, manager, now):
    services.acknowledge_bad_news(actor=manager, news=news, now=now)

    run_due(now + 9 * HOUR)

    assert steps() == []


@pytest.mark.parametrize(
    ("who", "knows"),
    [
        ("am", True),
        ("hk", True),
        ("reporter", True),
        ("sa", False),
        ("ex", False),
        ("deputy", False),
    ],
)
def test_only_the_manager_the_heads_and_the_messenger_read_his_name(
    sign_in, rest, people, reporter, account, stranger, news, who, knows
):
    account.deputy = stranger
    account.save()
    reader = {"reporter": reporter, "deputy": stranger}.get(who) or people[who]
    window, programs = sign_in(reader), rest(reader)
    own_name = reader == reporter

    assert (reporter.name in text(window.get(page("bad_news", news)))) is (knows or own_name)
    assert reporter.name not in text(window.get(LIST)) or own_name
    account_page = text(window.get(page("detail", account)))
    assert (f"<span>{reporter.name}</span>" in account_page) is knows
    detail = programs.get(f"{API}/{news.pk}").json()
    assert (detail["reported_by"] == str(reporter.pk)) is knows
    for url in (API, "/api/v1/audit", f"/api/v1/accounts/{account.pk}/timeline"):
        listed = text(programs.get(url))
        assert str(reporter.pk) not in listed or (knows and url != API)


def test_administrator_reads_only_what_he_told_himself(sign_in, rest, report, admin):
    other, own = report(what="Of others"), report(actor=admin, what="His own")
    window = sign_in(admin)

    assert window.get(page("bad_news", other)).status_code == 404
    assert window.get(page("bad_news", own)).status_code == 200
    assert "Of others" not in text(window.get(LIST))
    assert [row["what"] for row in rest(admin).get(API).json()["results"]] == ["His own"]


@pytest.mark.parametrize("role", [role for role in User.Role.values if role != "api"])
def test_button_stands_on_every_page_for_everybody(sign_in, people, role):
    shown = text(sign_in(people[role]).get(reverse("core:profile")))

    assert f'href="{REPORT}" data-hotkey="b"' in shown


def test_buttons_are_offered_in_order_to_those_who_may(manager, admin):
    assert [each.hotkey for each in quick_actions(manager)] == ["l", "b"]
    assert [each.hotkey for each in quick_actions(admin)] == ["b"]


def test_button_knows_the_account_in_sight(sign_in, manager, account, contact):
    complaint = ComplaintFactory(account=account)
    button = f'href="{REPORT}?account={account.pk}" data-hotkey="b"'
    pages = [page("detail", account), page("contact", contact), f"/complaints/{complaint.pk}/"]

    window = sign_in(manager)

    assert [button in text(window.get(url)) for url in pages] == [True] * 3


@pytest.mark.parametrize(
    ("since", "minutes"), [("now", 0), ("15", 15), ("60", 60), ("morning", 180)]
)
def test_bad_news_is_told_on_one_page(sign_in, reporter, account, since, minutes, now):
    form = {"account": account.pk, "what": WHAT, "since": since, "may_cause": "A late opening"}

    answer = sign_in(reporter).post(REPORT, form)

    news = BadNews.objects.get()
    assert answer.url == page("bad_news", news)
    assert news.first_known_at == now - minutes * MINUTE
    assert (news.what, news.may_cause, news.reported_by) == (WHAT, "A late opening", reporter)


def test_exact_moment_counts_more_than_the_quick_choice(sign_in, reporter, account, now):
    form = {"account": account.pk, "what": WHAT, "since": "now"}
    window = sign_in(reporter)

    late = window.post(REPORT, form | {"first_known_at": "2026-03-02T12:01"}, headers=HTMX)
    assert (late.status_code, BadNews.objects.count()) == (409, 0)
    window.post(REPORT, form | {"first_known_at": "2026-02-27T16:30"})
    assert BadNews.objects.get().first_known_at == datetime(2026, 2, 27, 14, 30, tzinfo=UTC)


def test_morning_before_nine_is_now(sign_in, reporter, account, clock):
    clock.forward(hours=-5)

    sign_in(reporter).post(REPORT, {"account": account.pk, "what": WHAT, "since": "morning"})

    assert BadNews.objects.get().first_known_at == clock.at


def test_account_is_found_by_words_and_prefilled_from_its_page(sign_in, agent, account, child):
    window = sign_in(agent)

    both = text(window.get(f"{REPORT}?find=borea", headers=HTMX))
    assert (account.name in both, child.name in both, "checked" in both) == (True, True, False)
    one = text(window.get(f"{REPORT}?find=logistics", headers=HTMX))
    assert (child.name in one, "checked" in one, "<html" in one) == (True, True, False)
    assert "No account is called that" in text(window.get(f"{REPORT}?find=xyzzy", headers=HTMX))
    prefilled = text(window.get(f"{REPORT}?account={account.pk}"))
    assert f'value="{account.pk}" id="account-{account.no}" required checked' in prefilled


def test_bad_news_without_an_account_is_shown_again(sign_in, agent):
    answer = sign_in(agent).post(REPORT, {"what": WHAT, "since": "now"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Choose the account first" in text(answer)


def test_form_that_was_sent_twice_tells_once(sign_in, reporter, account, now):
    form = {"account": account.pk, "what": WHAT, "since": "now", "csrfmiddlewaretoken": "x" * 64}
    window = sign_in(reporter)

    for _time in range(2):
        window.post(REPORT, form)

    assert BadNews.objects.count() == 1


def test_news_is_acknowledged_passed_on_and_thanked_for_on_its_page(sign_in, manager, news, now):
    window = sign_in(manager)
    verbs = ["acknowledge_bad_news", "tell_client", "spare_client", "thank_messenger"]

    offered = text(window.get(page("bad_news", news)))
    assert [page(verb, news) in offered for verb in verbs] == [True] * 4
    window.post(page("acknowledge_bad_news", news), {"version": 1, "next": "/accounts/"})
    window.post(page("spare_client", news), {"version": 2, "reason": "Solved before noon"})
    window.post(page("tell_client", news), {"version": 3, "how": "By phone"})
    window.post(page("thank_messenger", news), {"version": 4})

    news.refresh_from_db()
    assert (news.acknowledged_at, news.told_at, news.told_how) == (now, now, "By phone")
    assert news.thanked_at == now
    settled = text(window.get(page("bad_news", news)))
    assert [page(verb, news) in settled for verb in verbs] == [False] * 4
    assert "after 5 min" in settled


def test_messenger_sees_that_he_was_thanked(sign_in, reporter, manager, news, now):
    services.thank_messenger(actor=manager, news=news, now=now)

    assert "You were thanked" in text(sign_in(reporter).get(page("bad_news", news)))


def test_page_offers_nothing_to_those_who_may_not(sign_in, technician, news):
    window = sign_in(technician)

    assert page("tell_client", news) not in text(window.get(page("bad_news", news)))
    assert window.get(page("tell_client", news)).status_code == 403
    assert window.post(page("acknowledge_bad_news", news)).status_code == 403


@pytest.mark.parametrize("verb", ["tell_client", "spare_client"])
def test_forms_remind_of_what_happened(sign_in, manager, news, verb):
    assert WHAT in text(sign_in(manager).get(page(verb, news)))


def test_refusal_of_a_form_stands_in_it(sign_in, manager, news, now):
    window = sign_in(manager)
    form = {"version": 1, "how": "By phone", "told_at": "2026-03-02T12:30"}

    early = window.post(page("tell_client", news), form, headers=HTMX)

    assert early.status_code == 409
    assert "not in the future" in text(early)


def test_list_shows_what_is_open_first_and_how_fast_news_flew(
    sign_in, manager, agent, report, account, child, now
):
    for minutes, what in ((10, "Fast"), (20, "Slow")):
        flown = report(what=what, first_known_at=now - minutes * MINUTE)
        services.acknowledge_bad_news(actor=manager, news=flown, now=now)
        services.tell_client(actor=agent, news=flown, how="By phone", now=now + 40 * MINUTE)
    old = BadNewsFactory(
        what="Old", account=child, acknowledged_by=manager,
        **dict.fromkeys(["first_known_at", "reported_at", "ack_due_at", "acknowledged_at"],
                        now - timedelta(days=91)),
    )  # fmt: skip
    BadNewsFactory(what="Newest", account=account)
    window = sign_in(manager)

    def listed(query=""):
        lines = window.get(f"{LIST}?{query}").context["lines"]
        return [line.news.what for line in lines]

    shown = text(window.get(LIST))
    assert listed() == ["Newest", "Old", "Slow", "Fast"]
    assert listed("show=unacknowledged") == ["Newest"]
    assert listed("show=untold") == ["Newest", "Old"]
    assert listed("show=noted") == listed("show=told") == ["Slow", "Fast"]
    assert listed("show=nonsense") == listed()
    assert listed(f"account={old.account_id}") == ["Old"]
    assert "median; 90 % within 20 min; n = 2 in 90 days" in shown
    assert "median; 90 % within 1 hr; n = 2 in 90 days" in shown
    quiet = text(window.get(f"{LIST}?account={old.account_id}", headers=HTMX))
    assert ("no news in 90 days" in quiet, "<html" in quiet) == (True, False)


def test_empty_list_says_where_news_comes_from(sign_in, manager):
    assert "No bad news here" in text(sign_in(manager).get(LIST))


def test_account_page_shows_what_is_not_settled(sign_in, manager, technician, news, clock):
    window, url = sign_in(manager), page("detail", news.account)
    assert page("acknowledge_bad_news", news) in text(window.get(url))
    assert page("acknowledge_bad_news", news) not in text(sign_in(technician).get(url))

    clock.forward(hours=2)
    assert "Nobody has acknowledged it" in text(window.get(url))
    services.acknowledge_bad_news(actor=manager, news=news, now=clock.at)
    assert "The client has not been told yet" in text(window.get(url))
    services.tell_client(actor=manager, news=news, how="By phone", now=clock.at)
    assert 'id="bad-news"' not in text(window.get(url))


def test_story_has_a_chapter_of_bad_news(sign_in, head, news):
    shown = sign_in(head).get(page("detail", news.account), {"show": "bad-news"})

    assert [line.title for line in shown.context["lines"]] == ["Told the bad news"]


@pytest.mark.parametrize("url", [LIST, "account", API])
def test_lists_cost_the_same_for_one_row_and_for_three(sign_in, manager, report, query_count, url):
    window = sign_in(manager)
    url = page("detail", report().account) if url == "account" else url
    report()

    one = query_count(window, url)
    report(account=AccountFactory())
    report()
    assert query_count(window, url) == one


def test_program_tells_bad_news_of_its_clients(program, people, account, now):
    body = {
        "account": str(account.pk), "what": WHAT, "may_cause": "A late opening",
        "first_known_at": "2026-03-02T09:45:00Z",
    }  # fmt: skip

    made = program.post(API, body)

    news = BadNews.objects.get()
    assert (made.status_code, made["Location"]) == (201, f"{API}/{news.pk}")
    assert made.json()["reported_by"] == str(people["api"].pk)
    assert news.first_known_at == now - 15 * MINUTE
    ClientLimit.objects.create(user=people["api"], account=AccountFactory())
    assert program.get(f"{API}/{news.pk}").status_code == 404
    assert program.post(API, body).status_code == 400


def test_program_without_the_scope_tells_nothing(portal, account):
    body = {"account": str(account.pk), "what": WHAT}

    assert portal("accounts:read").post(API, body).json()["code"] == "scope_missing"


def test_news_goes_its_way_over_rest(rest, manager, news, now):
    caller, url = rest(manager), f"{API}/{news.pk}"
    steps = [
        ("acknowledge", {}),
        ("spare-client", {"reason": "Solved before noon"}),
        ("tell-client", {"how": "By phone", "told_at": "2026-03-02T09:59:00Z"}),
        ("thank", {}),
    ]

    for version, (action, body) in enumerate(steps, start=1):
        answer = caller.post(f"{url}/{action}", body, headers={"If-Match": f'"{version}"'})
        assert answer.status_code == 200, answer.json()

    shown = caller.get(url).json()
    assert (shown["minutes_to_manager"], shown["minutes_to_client"]) == (5, 4)
    assert (shown["told_how"], shown["spared_because"]) == ("By phone", "")
    assert shown["thanked_at"] == "2026-03-02T10:00:00Z"


def test_refusals_over_rest_have_stable_codes(rest, manager, technician, news, now):
    caller, url = rest(manager), f"{API}/{news.pk}"

    future = {"account": str(news.account_id), "what": "x", "first_known_at": "2026-03-03T00:00Z"}
    assert caller.post(API, future).json()["code"] == "known_in_the_future"
    early = {"how": "x", "told_at": "2026-03-01T00:00:00Z"}
    told_early = caller.post(f"{url}/tell-client", early, headers=at(news))
    assert told_early.json()["code"] == "told_at_no_such_time"
    services.acknowledge_bad_news(actor=manager, news=news, now=now)
    again = caller.post(f"{url}/acknowledge", headers=at(news))
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    assert rest(technician).post(f"{url}/thank", headers=at(news)).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("acknowledged=true", ["Told"]),
        ("acknowledged=false", ["Spared", "Waits"]),
        ("untold=true", ["Waits"]),
        ("untold=false", ["Told", "Spared"]),
        ("since=2026-03-02T10:00:00Z", ["Told", "Spared", "Waits"]),
        ("until=2026-03-02T10:00:00Z", []),
    ],
)
def test_news_is_filtered_over_rest(rest, manager, account, query, found, now):
    BadNewsFactory(account=account, what="Waits")
    BadNewsFactory(account=account, what="Spared", spared_because="Solved")
    done = {"told_at": now, "told_by": manager, "told_how": "By phone"}
    done |= {"acknowledged_at": now, "acknowledged_by": manager}
    BadNewsFactory(account=account, what="Told", **done)

    rows = rest(manager).get(f"{API}?account={account.pk}&{query}").json()["results"]

    assert [row["what"] for row in rows] == found
