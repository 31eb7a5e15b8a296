from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import kinds, services
from accounts.kinds import TaskKind
from accounts.models import Account, Task
from accounts.services.alert import ReasonMissing
from accounts.services.promise import DueInThePast
from accounts.services.task import NotAnAssignee, RuleDecides, TitleMissing
from core.errors import InvalidTransition
from core.models import AuditEntry, Notification
from core.operations import SYSTEM
from tests.conftest import HTMX
from tests.factories import (
    NOON,
    AccountFactory,
    ContactFactory,
    DeputyshipFactory,
    TaskFactory,
    UserFactory,
)
from tests.races.processes import in_processes

API = "/api/v1/tasks"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def call(monkeypatch):
    """Add a kind as its rule does; those of the real rules are unknown here."""
    kind = TaskKind(
        key="call",
        label="Call today",
        says=lambda task: f"Call {task.account.name}: apologise and ask",
        url=lambda task: reverse("accounts:log_touch", args=[task.account_id]),
    )
    own = kinds.task_kind(Task.OWN)
    monkeypatch.setattr(kinds, "_tasks", {each.key: each for each in (own, kind)})
    return kind


@pytest.fixture
def task_for(manager, account, now):
    """Return a function that gives a task; the manager's own, due tomorrow noon by default."""

    def give(**given):
        words = {"actor": manager, "account": account, "title": "Count the tills"}
        words |= {"assignee": manager, "due_at": now + DAY, "now": now}
        return services.open_task(**{**words, **given})

    return give


@pytest.fixture
def task(task_for):
    return task_for()


@pytest.fixture
def rule_task(task_for):
    """A task that a rule has given."""
    return task_for(actor=SYSTEM, kind="call", title="", facts={"misses": 1})


@pytest.fixture
def window(sign_in, manager):
    return sign_in(manager)


def page(name, row, **query):
    return reverse(f"accounts:{name}", args=[row.pk], query=query)


def text(response):
    return response.content.decode()


def at(row):
    return {"If-Match": f'"{row.version}"'}


def verbs(row):
    told = AuditEntry.objects.filter(target_id=row.pk).order_by("id")
    return [verb.removeprefix("accounts.") for verb in told.values_list("verb", flat=True)]


def told_of(row, verb):
    heard = Notification.objects.filter(entry__target_id=row.pk, entry__verb=f"accounts.{verb}")
    return sorted(heard.values_list("recipient__name", flat=True))


def shown_tasks(response):
    return [line.says for line in response.context["lines"]]


def test_task_is_given_and_its_words_stay_out_of_the_history(task, account, manager, now):
    entry = AuditEntry.objects.get(target_id=task.pk)

    assert (task.kind, task.state, task.assignee, task.opened_at) == ("own", "open", manager, now)
    assert (entry.verb, entry.account_id, entry.label) == (
        "accounts.open_task", account.pk, account.name,
    )  # fmt: skip
    assert str(entry.says) == "New task: Own task"
    assert entry.changes["title"] == ["•••", "•••"]


def test_whoever_gets_it_hears_of_it_and_so_do_deputies(task, task_for, technician):
    deputy = UserFactory(name="Deputy")
    DeputyshipFactory(
        person=technician, deputy=deputy, starts_on="2020-01-01", ends_on="2099-01-01"
    )

    given = task_for(assignee=technician)

    assert told_of(task, "open_task") == []
    assert told_of(given, "open_task") == sorted([technician.name, deputy.name])


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [({"title": " "}, TitleMissing), ({"due_at": -DAY}, DueInThePast)],
)
def test_task_needs_words_and_a_future(task_for, now, wish, refusal):
    if "due_at" in wish:
        wish = {"due_at": now + wish["due_at"]}

    with pytest.raises(refusal):
        task_for(**wish)


@pytest.mark.parametrize(
    "unfit", [{"roles": ["ad"]}, {"roles": ["api"]}, {"is_active": False}], ids=str
)
def test_task_goes_to_somebody_who_can_read_it(task, task_for, manager, now, unfit):
    person = UserFactory(**unfit)

    with pytest.raises(NotAnAssignee):
        task_for(assignee=person)
    with pytest.raises(NotAnAssignee):
        services.edit_task(
            actor=manager, task=task, title="x", due_at=task.due_at, assignee=person, now=now
        )


def test_rule_asks_again_and_gets_the_open_task_as_it_is(rule_task, task_for, now):
    again = task_for(actor=SYSTEM, kind="call", title="", facts={"misses": 2}, now=now + DAY / 2)

    assert (again.pk, again.facts, again.version) == (rule_task.pk, {"misses": 1}, 1)
    assert verbs(rule_task) == ["open_task"]


def test_rule_has_a_task_for_each_subject_and_a_new_one_when_the_last_has_ended(
    rule_task, task_for, account, manager, now
):
    contact = ContactFactory(account=account)
    about = task_for(actor=SYSTEM, kind="call", title="", subject=contact)
    services.finish_task(actor=manager, task=rule_task, now=now)

    fresh = task_for(actor=SYSTEM, kind="call", title="")

    assert about.subject == contact
    assert len({rule_task.pk, about.pk, fresh.pk}) == 3


def test_people_may_have_any_number_of_own_tasks(task, task_for):
    assert task_for().pk != task.pk


@pytest.mark.parametrize("subject_id", [None, uuid4()])
def test_database_keeps_one_open_task_per_rule(account, subject_id):
    TaskFactory(account=account, kind="call", title="", subject_id=subject_id)

    with pytest.raises(IntegrityError, match="one_open_task_per_rule"), transaction.atomic():
        TaskFactory(account=account, kind="call", title="", subject_id=subject_id)


def test_changed_task_tells_whom_it_is_passed_on_to(task, manager, technician, now):
    fields = {"title": "Count the tills twice", "due_at": now + 2 * DAY}

    services.edit_task(actor=manager, task=task, assignee=manager, now=now, **fields)
    assert told_of(task, "edit_task") == []

    services.edit_task(actor=manager, task=task, assignee=technician, now=now, **fields)
    assert (task.title, task.due_at, task.assignee) == (*fields.values(), technician)
    assert told_of(task, "edit_task") == [technician.name]


def test_new_time_lies_ahead_but_an_overdue_one_may_stay(task, manager, now):
    late = now + 2 * DAY
    same = {"actor": manager, "task": task, "assignee": manager, "now": late}

    services.edit_task(title="Count", due_at=task.due_at, **same)
    with pytest.raises(DueInThePast):
        services.edit_task(title="Count", due_at=now + DAY / 2, **same)


def test_of_a_rules_task_only_the_assignee_changes(rule_task, manager, technician, now):
    same = {"actor": manager, "task": rule_task, "assignee": technician, "now": now}

    services.edit_task(title="", due_at=rule_task.due_at, **same)
    assert rule_task.assignee == technician
    for fields in (
        {"title": "Later", "due_at": rule_task.due_at},
        {"title": "", "due_at": now + 5 * DAY},
    ):
        with pytest.raises(RuleDecides):
            services.edit_task(**same, **fields)


def test_done_and_not_needed_keep_what_was_said(task, task_for, manager, now):
    second = task_for()

    services.finish_task(actor=manager, task=task, outcome="42 tills", now=now)
    with pytest.raises(ReasonMissing):
        services.cancel_task(actor=manager, task=second, reason=" ", now=now)
    services.cancel_task(actor=manager, task=second, reason="They count", now=now)

    assert (task.state, task.ended_at, task.outcome) == ("done", now, "42 tills")
    assert (second.state, second.outcome) == ("cancelled", "They count")
    assert "42 tills" not in str(AuditEntry.objects.filter(target_id=task.pk).values())


def test_ended_task_stays_ended(task, manager, now):
    services.finish_task(actor=manager, task=task, now=now)

    for service, more in (
        (services.finish_task, {}),
        (services.cancel_task, {"reason": "x"}),
        (services.edit_task, {"title": "x", "due_at": task.due_at, "assignee": manager}),
    ):
        with pytest.raises(InvalidTransition):
            service(actor=manager, task=task, now=now, **more)


def test_task_is_settled_by_its_assignee_the_owner_and_the_head(
    task_for, manager, technician, head, stranger, now
):
    for actor in (technician, manager, head):
        task = task_for(assignee=technician)
        services.finish_task(actor=actor, task=task, now=now)
    task = task_for(assignee=technician)
    with pytest.raises(PermissionDenied):
        services.finish_task(actor=stranger, task=task, now=now)


def test_executive_gives_no_tasks(task_for, executive):
    with pytest.raises(PermissionDenied):
        task_for(actor=executive)


def test_unknown_kind_shows_its_key(account, manager, window):
    TaskFactory(account=account, kind="of_yesterday", title="")

    assert shown_tasks(window.get("/accounts/tasks/")) == ["of_yesterday"]


def test_list_shows_mine_the_teams_and_an_accounts_tasks(
    window, sign_in, head, account, manager, technician, stranger, task_for, clock
):
    task_for(title="Mine", due_at=clock.at + 2 * DAY)
    task_for(title="Urgent", due_at=clock.at + DAY / 2)
    task_for(title="Delegated", assignee=technician)
    other = TaskFactory(title="Elsewhere", account=AccountFactory(), assignee=stranger)
    clock.forward(days=1, hours=1)

    def listed(browser, query):
        return shown_tasks(browser.get(f"/accounts/tasks/{query}"))

    assert listed(window, "") == ["Urgent", "Mine"]
    assert listed(window, "?whose=team") == ["Urgent", "Delegated", "Mine"]
    assert listed(window, f"?account={account.pk}") == ["Urgent", "Delegated", "Mine"]
    assert listed(window, f"?account={other.account_id}") == ["Elsewhere"]
    assert len(listed(sign_in(head), "?whose=team")) == 4
    assert listed(window, "?ended=on") == []


def test_list_shows_what_has_ended_newest_first(window, manager, task_for, clock):
    for title in ("First", "Second"):
        task = task_for(title=title)
        services.finish_task(actor=manager, task=task, now=clock.forward(hours=1))

    assert shown_tasks(window.get("/accounts/tasks/?ended=on")) == ["Second", "First"]
    assert "No tasks here" in text(window.get("/accounts/tasks/"))


@pytest.mark.parametrize("query", ["?account=nonsense", "?whose=nonsense", "?whose=team&ended=on"])
def test_odd_addresses_break_nothing(window, task, query):
    assert window.get(f"/accounts/tasks/{query}", headers=HTMX).status_code == 200


def test_done_is_offered_to_those_who_may(sign_in, task, manager, stranger, technician):
    url = f"/accounts/tasks/?account={task.account_id}"

    def offered(person):
        return page("finish_task", task) in text(sign_in(person).get(url))

    assert [offered(person) for person in (manager, technician, stranger)] == [True, False, False]


def test_one_press_in_the_list_turns_the_row(window, task):
    answer = window.post(
        page("finish_task", task),
        {"version": 1},
        headers={**HTMX, "HX-Target": f"task-{task.pk}"},
    )

    task.refresh_from_db()
    assert task.state == "done"
    assert "<html" not in text(answer)
    assert text(answer).strip().startswith("<tr")
    assert page("finish_task", task) not in text(answer)
    assert "Done" in answer.headers["HX-Trigger"]


def test_stale_press_in_the_list_leaves_the_row(window, task):
    answer = window.post(
        page("finish_task", task),
        {"version": 7},
        headers={**HTMX, "HX-Target": f"task-{task.pk}"},
    )

    assert (answer.status_code, answer.headers["HX-Reswap"]) == (409, "none")
    assert Task.objects.get().state == "open"


def test_looking_at_the_form_by_htmx_finishes_nothing(window, task):
    window.get(page("finish_task", task), headers={**HTMX, "HX-Target": f"task-{task.pk}"})

    assert Task.objects.get().state == "open"


def test_pages_reach_the_services(window, account, technician, now):
    given = {"title": "Count", "due_at": "2026-03-05T12:00", "assignee": technician.pk}

    window.post(page("open_task", account), given)
    task = Task.objects.get()
    window.post(page("edit_task", task), given | {"title": "Count twice", "version": 1})
    answer = window.post(page("finish_task", task), {"version": 2, "outcome": "42"})
    second = TaskFactory(account=account)
    window.post(page("cancel_task", second), {"version": 1, "reason": "They count"})

    task.refresh_from_db()
    assert answer.url == page("task", task)
    assert (task.title, task.outcome, task.assignee) == ("Count twice", "42", technician)
    assert verbs(task) == ["open_task", "edit_task", "finish_task"]
    assert verbs(second) == ["cancel_task"]
    assert "42" in text(window.get(page("task", task)))


def test_rules_task_opens_its_form_and_can_only_be_passed_on(window, rule_task, technician):
    shown = text(window.get(page("task", rule_task)))
    form = window.get(page("edit_task", rule_task)).context["form"]
    window.post(page("edit_task", rule_task), {"version": 1, "assignee": technician.pk})

    rule_task.refresh_from_db()
    assert "Call Borea Retail Group: apologise and ask" in shown
    assert page("log_touch", rule_task.account) in shown
    assert set(form.fields) == {"version", "assignee"}
    assert rule_task.assignee == technician


def test_refusal_stands_in_the_form(window, account, manager, now):
    form = {"title": "Count", "due_at": "2026-03-01T12:00", "assignee": manager.pk}

    answer = window.post(page("open_task", account), form)

    assert answer.status_code == 409
    assert "only be due in the future" in text(answer)


@pytest.mark.parametrize("verb", ["edit_task", "finish_task", "cancel_task"])
def test_visible_but_forbidden_is_403_and_invisible_is_404(sign_in, stranger, admin, task, verb):
    assert sign_in(stranger).get(page(verb, task)).status_code == 403
    assert sign_in(stranger).post(page(verb, task)).status_code == 403
    assert sign_in(admin).get(page(verb, task)).status_code == 404


def test_forms_open_with_what_is_there(window, task):
    for name, words in (
        ("edit_task", "Count the tills"),
        ("finish_task", "What came of it"),
        ("cancel_task", "no longer needed"),
    ):
        assert words in text(window.get(page(name, task))), name


def test_adding_is_403_for_who_only_reads_and_404_for_nothing(sign_in, executive, account):
    window = sign_in(executive)

    assert window.get(page("open_task", account)).status_code == 403
    assert window.get(reverse("accounts:open_task", args=[uuid4()])).status_code == 404


def test_panel_shows_open_tasks_overdue_first(window, account, task_for, manager, clock):
    task_for(title="Later", due_at=clock.at + 3 * DAY)
    task_for(title="Late", due_at=clock.at + DAY / 2)
    services.finish_task(actor=manager, task=task_for(title="Gone"), now=clock.at)
    clock.forward(days=1)

    panel = window.get(page("detail", account)).context["panels"]()[0]

    lines = panel.context["tasks"]
    assert [(line.says, line.is_overdue) for line in lines] == [("Late", True), ("Later", False)]


def test_panel_leads_to_the_rest_of_many(window, account):
    TaskFactory.create_batch(7, account=account)

    shown = window.get(page("detail", account))

    panel = shown.context["panels"]()[0]
    assert (len(panel.context["tasks"]), panel.context["has_more"]) == (6, True)
    assert "All tasks" in text(shown)


def test_rest_opens_changes_and_ends_tasks(rest, account, manager, technician, now):
    client = rest(manager)
    body = {"account": str(account.pk), "title": "Count", "due_at": "2026-03-05T16:00:00Z"}

    made = client.post(API, body)
    url = made["Location"]
    changed = client.patch(
        url, {"assignee": str(technician.pk)}, headers={"If-Match": made["ETag"]}
    )
    done = client.post(f"{url}/finish", {"outcome": "42"}, headers={"If-Match": changed["ETag"]})
    second = client.post(API, body)
    mute = client.post(f"{second['Location']}/cancel", {}, headers={"If-Match": second["ETag"]})
    gone = client.post(
        f"{second['Location']}/cancel", {"reason": "x"}, headers={"If-Match": second["ETag"]}
    )

    assert (made.status_code, made.json()["says"]) == (201, "Count")
    assert made.json()["assignee"] == str(manager.pk)
    assert changed.json()["assignee"] == str(technician.pk)
    assert (done.json()["state"], done.json()["outcome"]) == ("done", "42")
    assert (mute.status_code, mute.json()["code"]) == (409, "reason_missing")
    assert gone.json()["state"] == "cancelled"


def test_rest_words_and_passes_on_a_rules_task(rest, rule_task, manager, technician):
    client, url = rest(manager), f"{API}/{rule_task.pk}"

    shown = client.get(url).json()
    moved = client.patch(url, {"due_at": "2026-04-05T16:00:00Z"}, headers=at(rule_task))
    passed = client.patch(url, {"assignee": str(technician.pk)}, headers=at(rule_task))

    assert shown["says"] == "Call Borea Retail Group: apologise and ask"
    assert shown["form_url"] == page("log_touch", rule_task.account)
    assert moved.json()["code"] == "rule_decides"
    assert passed.json()["assignee"] == str(technician.pk)


def test_rest_filters(rest, task, rule_task, account, manager, stranger, now):
    TaskFactory(assignee=stranger, due_at=now + 9 * DAY, state="done", ended_at=now)
    client = rest(manager)

    def count(query):
        return len(client.get(f"{API}?{query}").json()["results"])

    soon = (now + 2 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    counts = {
        "": 3, "state=open": 2, "kind=call": 1, f"account={account.pk}": 2,
        f"assignee={stranger.pk}": 1, f"due_before={soon}": 2,
    }  # fmt: skip
    assert {query: count(query) for query in counts} == counts


def test_rest_refuses_as_the_pages_do(rest, task, stranger, admin, account, program):
    url = f"{API}/{task.pk}"
    body = {"account": str(account.pk), "title": "Count", "due_at": "2026-03-05T16:00:00Z"}

    assert rest(admin).get(url).status_code == 404
    assert rest(stranger).post(f"{url}/finish", {}, headers=at(task)).status_code == 403
    assert program.post(API, body).status_code == 403


@pytest.mark.parametrize("surface", ["page", "panel", "rest"])
def test_surfaces_cost_the_same_for_one_task_and_for_three(
    window, manager, account, query_count, surface
):
    url = {"page": "/accounts/tasks/?whose=team", "panel": page("detail", account), "rest": API}
    TaskFactory(account=account)

    one = query_count(window, url[surface])
    for number in range(2):
        TaskFactory(account=account, kind=f"rule{number}", title="", assignee=UserFactory())
        TaskFactory(account=AccountFactory(owner=manager))

    assert query_count(window, url[surface]) == one


def give_by_rule(account_id):
    """Give, in a process of its own, a task that no rule words."""
    account = Account.objects.get(pk=account_id)
    task = services.open_task(
        actor=SYSTEM, account=account, kind="of_nobody", assignee=account.owner, due_at=NOON + DAY,
        now=NOON,
    )  # fmt: skip
    return str(task.pk)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_four_rules_that_ask_at_once_one_gives_the_task(account):
    given = in_processes(4, give_by_rule, account.pk)

    assert len(set(given)) == 1
    assert verbs(Task.objects.get()) == ["open_task"]
