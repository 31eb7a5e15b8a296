"""Open deadlines follow a newer calendar or contract when the head of key accounts says so."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from core import timers
from core.calendar_queries import planned_hours
from core.models import AuditEntry, Timer
from core.services.calendar import edit_calendar, set_special_day
from sla import clockwork, services
from sla.models import Clock, Recompute
from sla.replanning import preview, preview_hours
from sla.services.recompute import AlreadyRecomputing, NothingToRecompute
from tests.factories import ContractFactory

HOUR = timedelta(hours=1)
NINE_TO_TWO = {str(day): [[9 * 3600, 14 * 3600]] for day in range(5)}


@pytest.fixture
def shorten(account, admin, now):
    """Return a function that lets the account's office close at 14:00 from now on."""

    def close_early():
        edit_calendar(
            actor=admin, calendar=account.calendar, name="Short days", country="BG",
            zone="Europe/Sofia", week=NINE_TO_TWO, now=now,
        )  # fmt: skip

    return close_early


@pytest.fixture
def running(start, clock_of):
    """Return the resolution clock of a P2 complaint of Monday noon: 8 hours, due Wednesday 11:00."""
    complaint = start()
    return lambda: clock_of(complaint)


def test_a_changed_calendar_moves_no_running_clock(running, shorten):
    running()

    shorten()

    clock = running()
    assert clock.due_at == datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert clock.calendar_version_id != clock.account.calendar.current_id


def test_the_preview_tells_what_would_move_and_writes_nothing(running, account, shorten, now):
    before = running()
    shorten()

    told = preview(account.calendar, now)

    assert (told.total, told.moved, told.overdue, told.is_partial) == (2, 1, 0, False)
    [move] = told.moves
    assert (move.before, move.after) == (
        before.due_at,
        datetime(2026, 3, 5, 8, tzinfo=UTC),
    )
    assert running().due_at == before.due_at


def test_hours_that_are_only_typed_are_previewed_too(running, account, now):
    due = running().due_at
    saved = account.calendar.current
    hours = planned_hours(account.calendar, "Europe/Sofia", NINE_TO_TWO)

    told = preview_hours(account.calendar, hours, now)

    assert (told.total, told.moved) == (2, 1)
    assert running().due_at == due
    assert account.calendar.current == saved


def test_recomputing_moves_open_clocks_their_complaint_and_their_timer(
    running, account, shorten, head, now
):
    running()
    shorten()

    order = services.recompute(actor=head, cause=account.calendar, now=now)
    timers.run_due(now)

    clock = running()
    order.refresh_from_db()
    assert clock.due_at == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert clock.calendar_version_id == account.calendar.current_id
    assert (order.total, order.done, order.moved, order.is_finished) == (2, 2, 1, True)
    clock.subject.refresh_from_db()
    first = Clock.objects.get(metric="first_response")
    assert clock.subject.next_due_at == first.due_at
    [timer] = Timer.objects.filter(subject_id=clock.pk, kind="sla.clock", fired_at=None)
    assert (timer.step, timer.due_at) == ("50", datetime(2026, 3, 4, 9, tzinfo=UTC))


def test_each_moved_deadline_is_told_in_the_history_with_both_moments(
    running, account, shorten, head, now
):
    before = running().due_at
    shorten()

    services.recompute(actor=head, cause=account.calendar, now=now)
    timers.run_due(now)

    [entry] = AuditEntry.objects.filter(verb="sla.move_deadline")
    assert (entry.details["was_due"], entry.details["due"]) == (
        before.isoformat(),
        running().due_at.isoformat(),
    )
    verbs = AuditEntry.objects.filter(target_id=account.calendar.pk, verb__startswith="sla.")
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
        "sla.recompute", "sla.finish_recompute",
    ]  # fmt: skip


def test_a_paused_clock_keeps_standing_with_what_is_left_by_the_new_hours(
    start, pause, clock_of, account, shorten, head, now
):
    complaint = start(at=now - timedelta(days=3))
    pause(complaint, now)
    shorten()

    services.recompute(actor=head, cause=account.calendar, now=now)
    timers.run_due(now)

    clock = clock_of(complaint)
    assert (clock.state, clock.due_at) == ("paused", None)
    assert clock.remaining == 3 * HOUR


def test_closed_clocks_and_past_breaches_never_change(start, clock_of, account, head, admin, now):
    closed, late = start(), start(at=now - timedelta(days=30))
    clockwork.stop_clocks(closed, ["resolution", "first_response"], now + HOUR)
    timers.run_due(now)
    breached = clock_of(late).breached_at
    set_special_day(
        actor=admin,
        calendar=account.calendar,
        day=date(2026, 3, 4),
        name="Closed",
        hours=[],
        now=now,
    )
    before = clock_of(closed)

    services.recompute(actor=head, cause=account.calendar, now=now)
    timers.run_due(now)

    assert clock_of(closed).calendar_version_id == before.calendar_version_id
    assert clock_of(late).breached_at == breached


def test_a_contract_takes_over_the_clocks_that_run_on_the_house_standard(
    running, account, head, now
):
    contract = ContractFactory(account=account, targets={("p2", "resolution"): 120})

    services.recompute(actor=head, cause=contract, now=now)
    timers.run_due(now)

    clock = running()
    assert (clock.contract, clock.target) == (contract, 2 * HOUR)
    assert clock.due_at == now + 2 * HOUR


def test_a_contract_of_another_service_leaves_the_clocks_alone(running, account, head, now):
    running()
    contract = ContractFactory(account=account, scope="Tills", targets={("p2", "resolution"): 120})

    assert preview(contract, now).total == 2
    other = ContractFactory(account=account, targets={("p2", "resolution"): 60})
    services.recompute(actor=head, cause=other, now=now)
    timers.run_due(now)

    assert preview(contract, now).total == 0


def test_only_a_head_may_order_it(client, manager, account):
    address = reverse("sla:recompute", args=["calendar", account.calendar_id])
    client.force_login(manager)

    page = client.get(address)

    assert page.status_code == 403
    assert Recompute.objects.count() == 0


def test_the_page_previews_orders_and_shows_the_progress(
    client, head, running, account, shorten, clock
):
    running()
    shorten()
    client.force_login(head)
    address = reverse("sla:recompute", args=["calendar", account.calendar_id])

    shown = client.get(address)
    answer = client.post(address, {"version": account.calendar.version})
    timers.run_due(clock.at)
    progress = client.get(answer.url)

    assert "1 open deadline would move." in shown.content.decode()
    order = Recompute.objects.get()
    assert answer.url == reverse("sla:recomputation", args=[order.pk])
    assert "2 of 2 recomputed." in progress.content.decode()


def test_what_is_being_recomputed_is_not_ordered_twice(account, running, shorten, head, now):
    running()
    shorten()
    services.recompute(actor=head, cause=account.calendar, now=now)

    with pytest.raises(AlreadyRecomputing):
        services.recompute(actor=head, cause=account.calendar, now=now)


def test_nothing_older_is_said_so(account, head, now):
    with pytest.raises(NothingToRecompute):
        services.recompute(actor=head, cause=account.calendar, now=now)


def test_an_interrupted_order_goes_on_where_it_stopped(
    start, account, shorten, head, now, monkeypatch
):
    monkeypatch.setattr("sla.replanning.BATCH", 2)
    for _each in range(3):
        start()
    shorten()

    order = services.recompute(actor=head, cause=account.calendar, now=now)
    timers.run_due(now, batch=1)

    order.refresh_from_db()
    assert (order.total, order.done, order.moved, order.is_finished) == (6, 6, 3, True)


def test_programs_preview_and_order_it_over_rest(rest, head, running, account, shorten, clock):
    running()
    shorten()
    session = rest(head)
    cause = {"calendar": str(account.calendar_id)}

    told = session.post("/api/v1/recomputations/preview", cause)
    ordered = session.post("/api/v1/recomputations", cause)
    timers.run_due(clock.at)
    shown = session.get(f"/api/v1/recomputations/{ordered.data['id']}")

    assert (told.data["total"], told.data["moved"]) == (2, 1)
    assert ordered.status_code == 201
    assert (shown.data["done"], shown.data["moved"]) == (2, 1)
    assert shown.data["finished_at"] is not None


def test_neither_calendar_nor_contract_is_refused_in_words(rest, head):
    answer = rest(head).post("/api/v1/recomputations", {})

    assert answer.status_code == 400
    assert "Name a calendar or a contract." in str(answer.data)


def test_an_account_manager_may_not_order_it_over_rest(rest, manager, account):
    cause = {"calendar": str(account.calendar_id)}

    answer = rest(manager).post("/api/v1/recomputations", cause)

    assert answer.status_code == 403
