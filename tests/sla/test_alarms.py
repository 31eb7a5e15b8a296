"""Early warning over rows: what stands, what is told, and when it is over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import services as accounts
from accounts.kinds import alert_advice, alert_says, task_kind, task_says
from accounts.models import Alert, Promise, Task, Touch
from core.models import AuditEntry, Heartbeat, Notification
from core.operations import SYSTEM
from sla import alarms, clockwork
from sla import tasks as timers
from sla.alarms import watch
from sla.findings import World
from sla.models import Clock
from tests.examples import example
from tests.factories import (
    NOON,
    AccountFactory,
    CalendarFactory,
    ComplaintFactory,
    ContactFactory,
    ContractFactory,
    UserFactory,
)
from tests.races.processes import in_processes

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def morning(day):
    """Return ten o'clock in Sofia on the date, such as "2026-03-11"."""
    return datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=UTC)


@pytest.fixture
def miss(start, account):
    """Return a function that answers a complaint of ten o'clock at two: two hours late."""

    def miss_on(day, on=None):
        long_ago = ComplaintFactory(account=on or account, received_at=NOON - 400 * DAY)
        complaint = start(at=morning(day), on=on, about=long_ago)
        with transaction.atomic():
            clockwork.stop_clocks(complaint, ["first_response"], morning(day) + 4 * HOUR)
        return complaint

    return miss_on


@pytest.fixture
def talk(account, manager):
    """Return a function that logs a talk with a person in these roles."""

    def talk_at(at, *roles, on=None, **fields):
        on = on or account
        contact = ContactFactory(account=on, roles=list(roles))
        return accounts.log_touch(
            actor=manager, account=on, summary="Talked", at=at, contacts=[contact],
            fields={"two_way": True} | fields, now=at,
        )  # fmt: skip

    return talk_at


@pytest.fixture
def contact_us(account, manager):
    """Return a function that lets the client call so often, evenly between two moments."""

    def call(times, begin, end, on=None):
        step = (end - begin) / max(times, 1)
        Touch.objects.bulk_create(
            Touch(account=on or account, by=manager, direction="in", summary="Called", at=at)
            for at in (begin + step / 2 + number * step for number in range(times))
        )

    return call


def standing(kind="churn_risk"):
    alert = Alert.objects.standing().filter(kind=kind).first()
    return alert and alert.level


def tasks():
    return [(row.kind, row.state, row.due_at) for row in Task.objects.order_by("opened_at", "id")]


def test_e4_6_two_misses_in_60_days_are_red(miss, account, manager):
    inputs, outputs = example("E4.6")
    for day in inputs["missed_on"]:
        miss(day)

    watch(morning(inputs["today"]))

    alert = Alert.objects.get()
    assert outputs["level"] == "red_churn_risk"
    assert (alert.kind, alert.level, alert.account, alert.assignee) == (
        "churn_risk", "red", account, manager,
    )  # fmt: skip
    assert alert.facts["misses"] == outputs["misses_60d"]
    told = "Late 2 times in 60 days: 29 Jan (first answer) and 2 Mar (first answer)"
    assert alert_says(alert) == told
    assert alert_advice(alert).startswith("Talk within two working days with somebody who decides")
    assert tasks() == [("stay_interview", "open", datetime(2026, 3, 13, 16, tzinfo=UTC))]


def test_e4_6b_one_miss_in_30_days_is_amber_and_a_call_today(miss, manager):
    inputs, outputs = example("E4.6b")
    for day in inputs["missed_on"]:
        miss(day)

    watch(morning(inputs["today"]))

    alert = Alert.objects.get()
    assert (outputs["level"], alert.level) == ("amber_call_today", "amber")
    assert alert_says(alert).startswith("Late once: ")
    assert alert_advice(alert).startswith("Call today")
    assert [kind for kind, _state, _due in tasks()] == ["call_today"]
    assert Task.objects.get().assignee == manager


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("churn_risk", "Risk of leaving"),
        ("gone_quiet", "Gone quiet"),
        ("no_sla", "No SLA: start the talk"),
    ],
)
def test_facts_of_an_older_release_are_told_by_their_label(kind, label):
    alert = Alert(kind=kind, facts={"figure": 1})

    assert alert_says(alert) == label
    assert alert_advice(alert) != ""


def test_many_misses_are_told_by_the_last_ones():
    late = [{"on": f"2026-03-{day:02}", "what": "callback"} for day in range(1, 9)]
    alert = Alert(kind="churn_risk", facts={"misses": 8, "days": 60, "late": late})

    told = alert_says(alert)

    assert told.startswith("Late 8 times in 60 days: …, 5 Mar (follow-up call), ")
    assert told.endswith(" and 8 Mar (follow-up call)")


def test_j5_the_second_miss_makes_the_amber_alarm_red_and_tells_the_head(miss, people, head):
    miss("2026-01-29")
    watch(morning("2026-01-30"))
    first = Alert.objects.get()
    heard_of_amber = Notification.objects.filter(entry__verb="accounts.raise_alert")
    assert (first.level, heard_of_amber.filter(recipient=head).exists()) == ("amber", False)

    miss("2026-03-02")
    watch(morning("2026-03-11"))

    alert = Alert.objects.get()
    assert (alert.pk, alert.level) == (first.pk, "red")
    assert heard_of_amber.filter(recipient=head).exists()
    assert [kind for kind, _state, _due in tasks()] == ["call_today", "stay_interview"]


def test_it_clears_60_days_after_the_last_miss_once_somebody_who_decides_was_talked_with(
    miss, talk
):
    miss("2026-01-29")
    miss("2026-03-02")
    watch(morning("2026-03-11"))
    talk(morning("2026-03-12"), "champion")

    watch(morning("2026-04-30"))
    day_59 = standing()
    watch(morning("2026-05-01"))

    assert (day_59, standing()) == ("red", None)
    assert Alert.objects.get().state == Alert.State.EXPIRED


@pytest.mark.parametrize(
    ("talked_on", "roles", "fields"),
    [
        ("2026-03-12", ["user"], {}),
        ("2026-03-12", ["decision_maker"], {"two_way": False}),
        ("2026-03-01", ["decision_maker"], {}),
    ],
    ids=["not with one who decides", "only written", "before the last miss"],
)
def test_no_other_talk_clears_it(miss, talk, talked_on, roles, fields):
    miss("2026-01-29")
    miss("2026-03-02")
    watch(morning("2026-03-11"))
    talk(morning(talked_on), *roles, **fields)

    watch(morning("2026-09-01"))

    assert standing() == "red"


def test_time_alone_makes_it_no_milder(miss):
    miss("2026-01-29")
    miss("2026-03-02")
    watch(morning("2026-03-11"))

    watch(morning("2026-04-20"))
    red_alone_in_60_days = standing()
    miss("2026-05-11")
    watch(morning("2026-05-12"))

    alert = Alert.objects.get()
    assert (red_alone_in_60_days, alert.level) == ("red", "red")
    assert (alert.facts["misses"], alert.facts["days"]) == (3, 103)


def test_an_amber_alarm_waits_for_the_talk_too(miss, talk):
    miss("2026-03-02")
    watch(morning("2026-03-03"))

    watch(morning("2026-06-01"))
    untalked = standing()
    talk(morning("2026-06-01") + HOUR, "decision_maker")
    watch(morning("2026-06-02"))

    assert (untalked, standing()) == ("amber", None)


def test_a_miss_that_was_excused_counts_no_more(miss, account):
    miss("2026-01-29")
    second = miss("2026-03-02")
    watch(morning("2026-03-03"))

    clocks = Clock.objects.about(second)
    clocks.filter(metric="first_response").update(
        excluded_as="client_delay", excluded_because="They were away."
    )
    watch(morning("2026-03-04"))
    milder = standing()
    Clock.objects.exclude(breached_at=None).update(
        excluded_as="client_delay", excluded_because="They were away."
    )
    watch(morning("2026-03-05"))

    assert (milder, standing()) == ("amber", None)


def test_a_clock_that_runs_past_its_time_counts_before_any_timer_has_told(start):
    start(at=morning("2026-03-02"))

    watch(morning("2026-03-02") + 2 * HOUR)
    at_the_moment = standing()
    watch(morning("2026-03-02") + 2 * HOUR + timedelta(seconds=1))

    assert (at_the_moment, standing()) == (None, "amber")


@pytest.mark.parametrize(("metric", "level"), [("resolution", None), ("update", "amber")])
def test_only_answers_count(start, now, metric, level):
    about = start(at=now - DAY)
    clockwork.cancel_clocks(about, now - DAY)
    Clock.objects.filter(metric="resolution").update(
        metric=metric, state="missed", breached_at=now - HOUR, due_at=now - HOUR
    )

    watch(now)

    assert standing() == level


def test_what_turned_out_to_be_nothing_does_not_count(start, now):
    clockwork.cancel_clocks(start(at=now - HOUR), now)

    watch(now + DAY)

    assert standing() is None


@pytest.fixture
def promise(account, manager):
    """Return a function that makes a promise due at ten on Monday; it breaks on Wednesday."""

    def make(**given):
        return accounts.make_promise(
            actor=manager, made_by=manager, account=account, text="We send the offer",
            due_at=morning("2026-03-02"), now=morning("2026-02-27"),
            **({"kind": "delivery"} | given),
        )  # fmt: skip

    return make


@pytest.mark.parametrize(
    ("kind", "kept_at", "level"),
    [
        ("delivery", None, "amber"),
        ("delivery", morning("2026-03-04") + HOUR, "amber"),
        ("delivery", morning("2026-03-04") - HOUR, None),
        ("callback", None, "amber"),
        ("callback", morning("2026-03-02") + HOUR, "amber"),
        ("callback", morning("2026-03-02") - HOUR, None),
    ],
)
def test_promises_count_once_broken_and_callbacks_once_late(promise, kind, kept_at, level):
    made = promise(kind=kind)
    if kept_at:
        accounts.keep_promise(actor=SYSTEM, promise=made, now=kept_at)

    watch(morning("2026-03-05"))

    assert standing() == level


def test_a_promise_that_is_overdue_is_not_broken_yet(promise):
    promise()

    watch(morning("2026-03-04"))

    assert standing() is None


@pytest.mark.parametrize("state", ["withdrawn_by_client", "void"])
def test_a_promise_that_nobody_needs_any_more_does_not_count(promise, state):
    promise()
    Promise.objects.update(state=state)

    watch(morning("2026-03-05"))

    assert standing() is None


def test_the_date_is_the_clients(start, account):
    account.time_zone = "Asia/Tokyo"
    account.save()
    late = start(at=datetime(2026, 1, 29, 13, tzinfo=UTC))
    clockwork.stop_clocks(late, ["first_response"], datetime(2026, 2, 2, tzinfo=UTC))
    Clock.objects.exclude(breached_at=None).update(
        breached_at=datetime(2026, 1, 29, 16, tzinfo=UTC)
    )

    watch(datetime(2026, 2, 1, tzinfo=UTC))

    assert Alert.objects.get().facts["since"] == "2026-01-30"


def test_tasks_of_the_alarm_are_done_once_somebody_has_talked(miss, talk):
    miss("2026-01-29")
    watch(morning("2026-01-30"))
    talk(morning("2026-01-31"), "user")
    miss("2026-03-02")

    watch(morning("2026-03-03"))
    called = [(kind, state) for kind, state, _due in tasks()]
    talk(morning("2026-03-04"), "champion")
    watch(morning("2026-03-05"))

    assert called == [("call_today", "done"), ("stay_interview", "open")]
    assert [state for _kind, state, _due in tasks()] == ["done", "done"]


def test_the_call_says_what_to_do_and_opens_what_to_say(miss, account):
    miss("2026-03-02")
    watch(morning("2026-03-03"))

    task = Task.objects.get()
    assert task_says(task) == "Call Lipa Bakery: apologise and ask"
    assert task_kind(task.kind).url(task) == reverse("sla:talk", args=[account.pk])


def test_another_acts_for_an_owner_who_has_left(miss, account, people, head):
    account.owner.is_active = False
    account.owner.save()
    miss("2026-03-02")

    watch(morning("2026-03-03"))

    assert Task.objects.get().assignee == head


def test_a_deputy_comes_before_the_head(miss, account, people):
    deputy = UserFactory()
    account.deputy = deputy
    account.save()
    account.owner.is_active = False
    account.owner.save()
    miss("2026-03-02")

    watch(morning("2026-03-03"))

    assert Task.objects.get().assignee == deputy


def test_an_account_that_fails_holds_up_no_other(miss, account):
    broken = AccountFactory(calendar=CalendarFactory())
    miss("2026-03-02", on=broken)
    miss("2026-03-02")
    broken.calendar.current = None
    broken.calendar.save()

    changed = watch(morning("2026-03-03"))

    assert changed == 1
    assert list(Alert.objects.values_list("account__name", flat=True)) == ["Lipa Bakery"]


QUIET_TODAY = morning("2026-03-11")
WINDOW = QUIET_TODAY - 45 * DAY


@pytest.fixture
def recorded(contact_us):
    """Return a function that lets some other client have called so many days ago."""

    def call(days):
        at = QUIET_TODAY - days * DAY
        contact_us(1, at, at, on=AccountFactory())

    return call


@pytest.fixture
def young(account, recorded):
    """A client for 145 days: 100 days are known beside the window."""
    recorded(410)
    account.client_since = QUIET_TODAY.date() - 145 * DAY
    account.save()
    return account


def test_e4_5_a_client_of_whom_nothing_is_heard_has_gone_quiet(young, contact_us):
    inputs, outputs = example("E4.5")
    contact_us(7, WINDOW - 100 * DAY, WINDOW)

    watch(QUIET_TODAY)

    alert = Alert.objects.get()
    assert (alert.kind, alert.level) == ("gone_quiet", "amber")
    assert inputs["baseline_contacts_per_30d"] == 7 * 30 / 100
    assert f"{alert.facts['expected']:.4f}" == outputs["expected"]
    assert f"{alert.facts['probability']:.4f}" == outputs["p_zero"]
    assert alert_says(alert) == (
        "Nothing heard since 18 Jan: 3.15 contacts were to be expected in 45 days. "
        "That happens by chance in 4.29\u00a0% of cases."
    )
    assert alert_advice(alert).startswith("Call and ask how it goes")


@pytest.mark.parametrize(
    ("contacts", "level"),
    [(6, None), (7, "amber")],
)
def test_less_than_three_expected_contacts_alarm_nobody(young, contact_us, contacts, level):
    contact_us(contacts, WINDOW - 100 * DAY, WINDOW)

    watch(QUIET_TODAY)

    assert standing("gone_quiet") == level


def test_complaints_are_contacts_too(young, contact_us, start, agent):
    contact_us(4, WINDOW - 100 * DAY, WINDOW)
    for number in range(1, 4):
        cancelled = start(at=WINDOW - number * 20 * DAY)
        clockwork.cancel_clocks(cancelled, WINDOW - number * 20 * DAY)

    watch(QUIET_TODAY)
    silent = standing("gone_quiet")
    clockwork.cancel_clocks(start(at=QUIET_TODAY), QUIET_TODAY)
    watch(QUIET_TODAY + HOUR)

    assert (silent, standing("gone_quiet")) == ("amber", None)


def test_what_we_do_is_no_word_from_the_client(young, contact_us, talk, start):
    contact_us(7, WINDOW - 100 * DAY, WINDOW)
    talk(QUIET_TODAY - DAY, "champion", direction="out")
    clockwork.cancel_clocks(start(at=QUIET_TODAY - DAY), QUIET_TODAY - DAY)
    Clock.objects.filter(metric="first_response").update(metric="workaround")
    Clock.objects.filter(metric="resolution").update(metric="update")

    watch(QUIET_TODAY)

    assert standing("gone_quiet") == "amber"


def test_a_client_of_less_than_90_days_is_not_called_quiet(account, contact_us, recorded):
    recorded(410)
    account.client_since = QUIET_TODAY.date() - 89 * DAY
    account.save()
    contact_us(20, WINDOW - 44 * DAY, WINDOW)

    watch(QUIET_TODAY)

    assert standing("gone_quiet") is None


@pytest.mark.parametrize(("last_year", "level"), [(0, None), (2, None), (3, "amber")])
def test_a_seasonal_client_may_be_silent_as_last_year(
    account, contact_us, recorded, last_year, level
):
    recorded(410)
    contact_us(40, WINDOW - 310 * DAY, WINDOW)
    contact_us(last_year, WINDOW - 365 * DAY, QUIET_TODAY - 366 * DAY)

    watch(QUIET_TODAY)

    assert standing("gone_quiet") == level


@pytest.mark.parametrize(("days", "level"), [(145, "amber"), (89, None)])
def test_an_old_client_is_judged_by_what_was_recorded(account, contact_us, recorded, days, level):
    recorded(days)
    contact_us(20, QUIET_TODAY - (days - 1) * DAY, WINDOW)

    watch(QUIET_TODAY)

    assert standing("gone_quiet") == level


def test_silence_does_not_become_what_is_expected(young, contact_us):
    contact_us(7, WINDOW - 100 * DAY, WINDOW)
    watch(QUIET_TODAY)
    first = Alert.objects.get()

    watch(QUIET_TODAY + 200 * DAY)
    still = standing("gone_quiet")
    contact_us(1, QUIET_TODAY + 200 * DAY, QUIET_TODAY + 201 * DAY)
    watch(QUIET_TODAY + 201 * DAY)

    first.refresh_from_db()
    assert (still, first.state, first.version) == ("amber", "expired", 2)


@pytest.fixture
def complain(account):
    """Return a function that logs bare complaints of these priorities, trivial ones with a "-"."""

    def log(*priorities, on=None, at=NOON):
        for told in priorities:
            trifle = {"trivial": True, "trivial_reason": "A dent"} if told.endswith("-") else {}
            ComplaintFactory(
                account=on or account, priority=told.removesuffix("-"), received_at=at, **trifle
            )

    return log


def test_e4_7_complaints_without_an_sla_call_for_one(complain, account, now, manager):
    inputs, outputs = example("E4.7")
    complain("p2", "p4-", "p4-", "p3-")

    watch(now)

    alert = Alert.objects.get()
    counts = {name: inputs[f"{name}_90d"] for name in ("complaints", "trivial")}
    assert (alert.facts["cases"], alert.facts["trivial"]) == tuple(counts.values())
    assert (alert.kind, alert.level) == ("no_sla", "amber")
    assert alert.facts["reasons"] == outputs["reasons"]
    told = "No SLA, and in 90 days 4 complaints, 1 of P1 or P2, 3 over trifles"
    assert alert_says(alert) == told
    assert alert_advice(alert).startswith("Start the SLA talk")
    task = Task.objects.get()
    assert (task.kind, task.assignee) == ("sla_talk", manager)
    assert task.due_at == datetime(2026, 3, 10, 16, tzinfo=UTC)  # 3 March is a holiday
    assert task_says(task) == "Open the SLA talk with Lipa Bakery"
    draft = reverse("sla:draft", args=[account.pk])
    assert task_kind(task.kind).url(task) == f"{draft}?prefill=history"


@pytest.mark.parametrize(
    ("state", "covers_children", "level"),
    [
        ("active", True, None),
        ("expiring", True, None),
        ("active", False, "amber"),
        ("draft", True, "amber"),
    ],
)
def test_a_contract_of_the_group_counts_if_it_covers_the_companies(
    complain, account, now, state, covers_children, level
):
    child = AccountFactory(parent=account)
    stamps = {} if state == "draft" else {"sent_at": NOON}
    ContractFactory(account=account, state=state, covers_children=covers_children, **stamps)
    complain("p3", "p3", "p3", on=child)

    watch(now)

    assert standing("no_sla") == level


def test_the_alarm_and_its_task_end_when_a_contract_comes_into_force(complain, account, now):
    complain("p3", "p3", "p3")
    watch(now)

    ContractFactory(account=account, sent_at=NOON)
    watch(now + HOUR)

    assert Alert.objects.get().state == Alert.State.EXPIRED
    assert Task.objects.get().state == Task.State.DONE


def test_the_alarm_ends_when_the_complaints_grow_old(complain, now):
    complain("p3", "p3", "p3")
    watch(now)

    watch(now + 91 * DAY)

    assert standing("no_sla") is None
    assert Task.objects.get().state == Task.State.OPEN


@pytest.mark.parametrize("stage", ["lead", "former"])
def test_only_clients_are_watched(complain, miss, contact_us, account, now, stage):
    account.stage = stage
    account.save()
    complain("p1", "p1", "p1")
    miss("2026-02-27")
    contact_us(90, now - 400 * DAY, now - 50 * DAY)

    watch(now)

    assert not Alert.objects.exists()


def test_the_alarms_of_a_client_who_is_none_any_more_end(complain, miss, account, now):
    complain("p3", "p3", "p3")
    miss("2026-02-27")
    watch(now)

    account.stage = "former"
    account.save()
    watch(now + HOUR)

    assert set(Alert.objects.values_list("state", flat=True)) == {"expired"}


def test_looking_twice_changes_nothing(complain, miss, young, contact_us):
    complain("p3", "p3", "p3", at=morning("2026-03-01"))
    miss("2026-03-10")
    contact_us(3, WINDOW - 100 * DAY, WINDOW)
    first = watch(QUIET_TODAY)
    entries = AuditEntry.objects.count()

    again = watch(QUIET_TODAY + HOUR)

    assert (first, again) == (2, 0)
    assert AuditEntry.objects.count() == entries


def test_a_snoozed_alarm_stays_snoozed(complain, now, head):
    complain("p3", "p3", "p3")
    watch(now)
    accounts.snooze_alert(
        actor=head, alert=Alert.objects.get(), until=now + 10 * DAY, reason="In talks", now=now
    )

    complain("p3", at=now + HOUR)
    watch(now + 2 * HOUR)

    alert = Alert.objects.get()
    assert (alert.facts["cases"], alert.is_snoozed(now + 2 * HOUR)) == (4, True)


def test_a_pass_costs_the_same_queries_for_one_account_and_for_three(
    complain, miss, contact_us, account, now
):
    def fill(*accounts):
        for each in accounts:
            complain("p1", "p1", on=each)
            miss("2026-02-27", on=each)
        watch(now)
        with CaptureQueriesContext(connection) as captured:
            assert watch(now + HOUR) == 0
        return len(captured)

    one = fill(account)
    three = fill(*(AccountFactory(calendar=account.calendar) for _each in range(2)))

    assert (one, three) == (14, 14)


def test_what_a_person_ended_meanwhile_stays_ended(complain, account, now, head):
    complain("p3", "p3", "p3")
    watch(now)
    account.stage = "former"
    account.save()
    (expiry,) = alarms._changes(World(now))

    accounts.resolve_alert(actor=head, alert=Alert.objects.get(), reason="They left", now=now)

    assert alarms._done(expiry) is False
    assert Alert.objects.get().state == Alert.State.RESOLVED


def test_the_timer_looks_and_beats_the_heart(miss, now):
    miss("2026-02-27")

    assert timers.watch() == 1
    assert Heartbeat.objects.get(name="alarms").at == now


def watch_at(at):
    return watch(datetime.fromisoformat(at))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_who_look_at_once_raise_each_alarm_once(complain, miss, account, now):
    complain("p1", "p1")
    miss("2026-02-27")

    in_processes(4, watch_at, now.isoformat())

    kinds = Alert.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["churn_risk", "no_sla"]
    assert Task.objects.count() == 2
    assert AuditEntry.objects.filter(verb="accounts.raise_alert").count() == 2

    account.stage = "former"
    account.save()
    in_processes(4, watch_at, (now + HOUR).isoformat())

    assert AuditEntry.objects.filter(verb="accounts.expire_alert").count() == 2
