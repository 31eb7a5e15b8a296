"""The early-warning board: who sees what, and what can be done there at once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Alert
from accounts.models.account import Account
from tests.conftest import HTMX
from tests.factories import AccountFactory, AlertFactory, BadNewsFactory, ContactFactory

DAY = timedelta(days=1)
LATE = {
    "level": "red",
    "since": "2026-01-29",
    "misses": 2,
    "days": 60,
    "late": [
        {"on": "2026-01-29", "what": "first_response"},
        {"on": "2026-03-02", "what": "promise"},
    ],
}
QUIET = {"days": 45, "expected": 3.15, "probability": 0.0429, "last_on": "2026-01-18"}
NO_SLA = {"cases": 4, "urgent": 1, "trivial": 3, "days": 90, "reasons": []}


def board(**query):
    return reverse("sla:warnings", query=query)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def other():
    return AccountFactory(name="Dune Casino")


@pytest.fixture
def alarms(account, other, now):
    """A red churn risk and a snoozed silence at the manager's client; no SLA at another one."""
    return {
        "risk": AlertFactory(account=account, level="red", facts=LATE),
        "quiet": AlertFactory(
            account=account, kind="gone_quiet", facts=QUIET, snoozed_until=now + DAY,
            snooze_reason="On holiday",
        ),
        "no_sla": AlertFactory(account=other, kind="no_sla", facts=NO_SLA),
        "other": AlertFactory(account=other, kind="unheard_of", facts={}),
        "over": AlertFactory(account=other, facts=LATE, state="expired", ended_at=now),
    }  # fmt: skip


def sections_of(response):
    return {each.key: (each.count, each.red) for each in response.context["sections"]}


def test_the_head_sees_all_alarms_by_kind_with_their_figures(sign_in, head, alarms):
    answer = sign_in(head).get(board())

    assert sections_of(answer) == {
        "churn_risk": (1, 1), "gone_quiet": (0, 0), "no_sla": (1, 0), "others": (1, 0),
    }  # fmt: skip
    assert answer.context["put_off"].count == 1
    told = text_of(answer)
    assert "Late 2 times in 60 days: 29 Jan (first answer) and 2 Mar (promise)" in told
    assert "No SLA, and in 90 days 4 complaints, 1 of P1 or P2, 3 over trifles" in told
    assert "On holiday" in told
    assert "Equal attention" in told


def test_an_account_manager_sees_his_own_only(sign_in, manager, alarms):
    answer = sign_in(manager).get(board())

    told = text_of(answer)
    assert "Lipa Bakery" in told
    assert "Dune Casino" not in told
    assert sections_of(answer)["no_sla"] == (0, 0)
    assert "Equal attention" not in told


def test_an_executive_reads_and_changes_nothing(sign_in, executive, alarms):
    told = text_of(sign_in(executive).get(board()))

    assert "Dune Casino" in told
    assert "acknowledge" not in told
    assert "snooze" not in told


@pytest.mark.parametrize(
    ("role", "status"),
    [("am", 200), ("hk", 200), ("ex", 200), ("sa", 403), ("te", 403), ("fi", 403), ("ad", 403)],
)
def test_the_board_is_for_those_who_answer_for_clients(sign_in, people, role, status):
    browser = sign_in(people[role])

    assert browser.get(board()).status_code == status
    assert browser.get(board(section="churn_risk")).status_code == status
    assert ("/sla/warnings/" in text_of(browser.get("/accounts/"))) is (status == 200)


def test_seen_takes_one_press_and_leads_back_to_the_board(sign_in, head, alarms, now):
    risk = alarms["risk"]

    answer = sign_in(head).post(
        reverse("accounts:acknowledge_alert", args=[risk.pk]),
        {"version": risk.version, "next": board()},
    )

    risk.refresh_from_db()
    assert (answer["Location"], risk.state) == (board(), Alert.State.ACKNOWLEDGED)


def test_a_number_opens_its_rows_the_worst_first(sign_in, head, alarms, other, now):
    AlertFactory(account=other, level="amber", facts=LATE, raised_at=now - 9 * DAY)

    answer = sign_in(head).get(board(section="churn_risk"), headers=HTMX)

    lines = answer.context["section"].lines
    assert [(line.alert.account.name, line.alert.level) for line in lines] == [
        ("Lipa Bakery", "red"), ("Dune Casino", "amber"),
    ]  # fmt: skip
    assert "<html" not in text_of(answer)


def test_what_is_put_off_has_rows_too(sign_in, head, alarms):
    told = text_of(sign_in(head).get(board(section="put_off")))

    assert "Nothing heard since 18 Jan" in told
    assert "Late 2 times" not in told


def test_an_unknown_section_is_the_whole_board(sign_in, head, alarms):
    assert "Late 2 times" in text_of(sign_in(head).get(board(section="x' OR 1=1")))


def test_a_section_shows_its_worst_few_and_the_rest_on_request(sign_in, head, now):
    for number in range(10):
        AlertFactory(facts=LATE, raised_at=now - number * DAY)
    browser = sign_in(head)

    answer = browser.get(board())

    (risks, *_others) = answer.context["sections"]
    assert (risks.count, len(risks.lines), risks.has_more) == (10, 8, True)
    assert risks.lines[0].alert.raised_at == now - 9 * DAY
    assert len(browser.get(board(section="churn_risk")).context["section"].lines) == 10


def test_an_empty_board_says_so(sign_in, head):
    told = text_of(sign_in(head).get(board()))

    assert "No client shows a sign of leaving." in told
    assert "Nobody waits for bad news." in told


def test_bad_news_waits_on_the_board_without_the_name_of_who_brought_it(
    sign_in, head, manager, account, other, now
):
    messenger = BadNewsFactory(account=account, reported_at=now, first_known_at=now - DAY)
    BadNewsFactory(account=other, what="The port is shut.")
    BadNewsFactory(
        account=account, what="Over and told", acknowledged_at=now, acknowledged_by=head,
        told_at=now, told_by=head, told_how="By phone", first_known_at=now - timedelta(hours=2),
    )  # fmt: skip

    all_news, own_news = (text_of(sign_in(each).get(board())) for each in (head, manager))

    assert "The shipment stands at the border." in all_news
    assert "The port is shut." in all_news
    assert "Over and told" not in all_news
    assert messenger.reported_by.name not in all_news
    assert "n = 1 in 90 days" in all_news
    assert "The port is shut." not in own_news


def test_the_board_costs_the_same_queries_for_one_alert_and_for_three(
    sign_in, head, query_count, account
):
    def fill():
        AlertFactory(account=AccountFactory(), facts=LATE)
        BadNewsFactory(account=AccountFactory())

    browser = sign_in(head)
    fill()
    one = query_count(browser, board())
    fill()
    fill()

    assert query_count(browser, board()) == one


def test_a_section_costs_the_same_queries_for_one_alert_and_for_three(sign_in, head, query_count):
    browser = sign_in(head)
    AlertFactory(facts=LATE)
    one = query_count(browser, board(section="churn_risk"))
    AlertFactory(facts=LATE)
    AlertFactory(facts=LATE)

    assert query_count(browser, board(section="churn_risk")) == one


def talk(account):
    return reverse("sla:talk", args=[account.pk])


def test_what_to_say_is_told_in_the_clients_language_and_to_whom(sign_in, manager, account):
    AlertFactory(account=account, level="red", facts=LATE)
    ContactFactory(account=account, name="Irina", roles=["champion"], phones=["+359 2 111"])
    ContactFactory(account=account, name="Boris", roles=["user"])
    Account.objects.update(language="ru")

    told = text_of(sign_in(manager).get(talk(account)))

    assert "2 марта мы ответили вам позже обещанного." in told
    assert 'lang="ru"' in told
    assert "Irina" in told
    assert "tel:+3592111" in told
    assert "Boris" not in told
    assert reverse("accounts:log_touch", args=[account.pk]) in told


def test_without_an_alarm_there_is_nothing_to_apologise_for(sign_in, manager, account):
    told = text_of(sign_in(manager).get(talk(account)))

    assert "This client shows no sign of leaving now." in told
    assert "Nobody there is known to decide" in told


@pytest.mark.parametrize(("role", "status"), [("hk", 200), ("sa", 200), ("ex", 403), ("fi", 403)])
def test_who_may_log_a_talk_may_read_what_to_say(sign_in, people, account, role, status):
    assert sign_in(people[role]).get(talk(account)).status_code == status


@pytest.mark.parametrize(
    ("kind", "facts", "leads_to"),
    [
        ("churn_risk", LATE, "/sla/warnings/talk/"),
        ("no_sla", NO_SLA, "?prefill=history"),
    ],
)
def test_the_page_of_an_alert_leads_to_what_can_be_done(
    sign_in, manager, executive, account, kind, facts, leads_to
):
    alert = AlertFactory(account=account, kind=kind, facts=facts)
    page = reverse("accounts:alert", args=[alert.pk])

    assert leads_to in text_of(sign_in(manager).get(page))
    assert leads_to not in text_of(sign_in(executive).get(page))
