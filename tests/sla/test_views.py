"""Pages of service levels."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import User
from sla import clockwork, services
from sla.models import Approval
from sla.services import ExclusionRow, ScopeRow, StepRow
from tests.conftest import HTMX
from tests.factories import AccountFactory, ContractFactory, UserFactory
from tests.sla.contracts import FAST, agreed, in_force, terms


def page(name, *args):
    return reverse(f"sla:{name}", args=args)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def draft(account, manager, now):
    """Return a function that gives a draft of the account manager."""

    def write(**given):
        return services.draft_contract(
            actor=manager, account=account, terms=terms(account, **given), now=now
        )

    return write


@pytest.fixture
def proposed(draft, manager, now):
    contract = draft()
    return services.propose_contract(actor=manager, contract=contract, now=now)


def test_index_lists_and_filters(sign_in, manager, account):
    ContractFactory(account=account)
    ContractFactory(account=AccountFactory(name="Balkan Freight"), state="draft")
    browser = sign_in(manager)

    everything = text_of(browser.get(page("index")))
    drafts = text_of(browser.get(page("index"), {"state": "draft"}, headers=HTMX))
    own = text_of(browser.get(page("index"), {"account": str(account.pk)}, headers=HTMX))

    assert "Lipa Bakery" in everything
    assert "Balkan Freight" in everything
    assert "Lipa Bakery" not in drafts
    assert "Balkan Freight" not in own
    assert "<html" not in own


def test_index_finds_what_ends_within_90_days(sign_in, manager, account, now):
    ContractFactory(account=account, ends_on=now.date() + timedelta(days=90))
    ContractFactory(
        account=AccountFactory(name="Balkan Freight"), ends_on=now.date() + timedelta(days=91)
    )
    ContractFactory(account=AccountFactory(name="Kobza Media"))

    told = text_of(sign_in(manager).get(page("index"), {"ending": "on"}, headers=HTMX))

    assert "Lipa Bakery" in told
    assert "Balkan Freight" not in told
    assert "Kobza Media" not in told


def test_replaced_versions_are_listed_only_when_asked_for(sign_in, manager, account):
    ContractFactory(account=account, state="replaced")
    browser = sign_in(manager)

    assert "Lipa Bakery" not in text_of(browser.get(page("index"), headers=HTMX))
    asked = browser.get(page("index"), {"state": "replaced"}, headers=HTMX)
    assert "Lipa Bakery" in text_of(asked)


@pytest.mark.parametrize("query", ["state=x", "account=1", "ending=%00", "cursor=x"])
def test_hostile_filters_are_no_server_error(sign_in, manager, account, query):
    ContractFactory(account=account)

    assert sign_in(manager).get(f"{page('index')}?{query}").status_code in {200, 400, 404}


def test_index_costs_the_same_for_one_contract_and_for_three(
    sign_in, manager, account, django_assert_num_queries, django_assert_max_num_queries
):
    browser = sign_in(manager)
    ContractFactory(account=account)
    browser.get(page("index"))
    with django_assert_max_num_queries(14) as one:
        browser.get(page("index"))
    for _each in range(2):
        ContractFactory()
    with django_assert_num_queries(len(one)):
        browser.get(page("index"))


def test_administrators_as_such_see_no_contract(sign_in, admin, account):
    contract = ContractFactory(account=account)
    browser = sign_in(admin)

    assert "Lipa Bakery" not in text_of(browser.get(page("index"), headers=HTMX))
    assert "Lipa Bakery" not in text_of(browser.get(page("without")))
    for name in ("detail", "document", "diff", "edit", "propose", "sign"):
        assert browser.get(page(name, contract.pk)).status_code == 404


def test_without_lists_clients_whom_no_contract_covers(sign_in, manager, account):
    group = AccountFactory(name="Borea Group")
    AccountFactory(name="Borea Logistics", parent=group)
    AccountFactory(name="Own Contract")
    AccountFactory(name="A Lead", stage="lead")
    ContractFactory(account=group, covers_children=True)
    ContractFactory(account=AccountFactory(name="Over"), state="expired")
    holder = AccountFactory(name="Alone")
    ContractFactory(account=holder)
    AccountFactory(name="Uncovered Child", parent=holder)

    told = text_of(sign_in(manager).get(page("without")))

    listed = ("Borea Group", "Borea Logistics", "A Lead", "Alone")
    assert [name for name in listed if f">{name}</a>" in told] == []
    missing = ("Lipa Bakery", "Own Contract", "Over", "Uncovered Child")
    assert [name for name in missing if f">{name}</a>" not in told] == []


def test_without_leads_to_the_talk_or_to_a_prefilled_draft(sign_in, manager, account, proposed):
    other = AccountFactory(name="Kobza Media", owner=manager)
    foreign = AccountFactory(name="Balkan Freight")

    told = text_of(sign_in(manager).get(page("without")))

    assert f'href="{page("detail", proposed.pk)}"' in told
    assert f'href="{page("draft", other.pk)}?prefill=history"' in told
    assert page("draft", account.pk) not in told
    assert page("draft", foreign.pk) not in told


def test_without_offers_heads_a_draft_for_everybody_and_agents_none(sign_in, head, agent, account):
    address = f"{page('draft', account.pk)}?prefill=history"

    assert address in text_of(sign_in(head).get(page("without")))
    assert address not in text_of(sign_in(agent).get(page("without")))


def test_without_costs_the_same_for_one_client_and_for_three(
    sign_in, manager, account, query_count
):
    browser = sign_in(manager)
    one = query_count(browser, page("without"))
    for _each in range(2):
        AccountFactory(owner=manager, parent=account)

    assert query_count(browser, page("without")) == one <= 12


def test_house_tells_all_five_metrics(sign_in, technician):
    told = text_of(sign_in(technician).get(page("house")))

    assert "within 30 minutes, day and night" in told
    assert "every 3 working days" in told
    assert "Find a way around it" in told
    assert "within 40 working hours" in told


def test_detail_says_all_that_was_agreed(sign_in, agent, draft, technician):
    contract = draft(
        scope="Kiosk service",
        monthly_fee=Decimal(4800),
        scope_items=(ScopeRow("Visits", Decimal(10), "visits", "month", "Sundays"),),
        exclusions=(ExclusionRow("client_delay", "No answer for a day"),),
        steps=(StepRow("reassign", percent=90, person=technician),),
    )

    told = text_of(sign_in(agent).get(page("detail", contract.pk)))

    for words in (
        "Kiosk service",
        "You call, we answer within 2 working hours; we tell you how it stands",
        "as in the house standard",
        "in 90\u00a0% of cases",
        "Visits: 10 visits a month",
        "not included: Sundays",
        "You delayed the work: No answer for a day",
        "less than 80\u00a0%: 10\u00a0% of the monthly fee",
        "At most 10\u00a0% of the month’s fee and 5\u00a0% of the year’s fee.",
        f"At 90\u00a0% of the time {technician.name} takes it over.",
        "€4,800.00",
        "Ready to be sent to the client.",
    ):
        assert words in told, words


def test_detail_says_whom_a_draft_waits_for(sign_in, head, technician, people, manager, draft, now):
    contract = draft(targets=FAST, monthly_cap_percent=Decimal(20))
    services.approve_contract(actor=head, contract=contract, kind="tighter", note="Well.", now=now)

    told = text_of(sign_in(technician).get(page("detail", contract.pk)))
    waiting = text_of(sign_in(manager).get(page("detail", contract.pk)))

    assert f"Waiting for {technician.name} to confirm that the tighter targets can be kept." in told
    assert f"Waiting for {people['fi'].name} to approve the caps." in told
    assert "Well." in told
    assert f"{page('approve', contract.pk)}?kind=feasible" in told
    assert f"{page('approve', contract.pk)}?kind=caps" not in told
    assert page("propose", contract.pk) not in waiting
    assert page("withdraw", contract.pk) in waiting


def test_many_who_could_approve_are_told_by_their_role(sign_in, manager, people, draft):
    for _each in range(3):
        UserFactory(roles=["fi"])

    told = text_of(sign_in(manager).get(page("detail", draft(annual_cap_percent=Decimal(9)).pk)))

    assert f"Waiting for {User.Role.FINANCE.label} to approve the caps." in told


def test_a_draft_without_a_promise_says_so(sign_in, head, draft):
    contract = draft(targets=())

    told = text_of(sign_in(head).get(page("detail", contract.pk)))

    assert "Write down at least one promise." in told
    assert page("propose", contract.pk) not in told


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        ("proposed", {}, "The client has had it since 2 March 2026. Record the answer."),
        ("negotiating", {}, "The client wants it otherwise."),
        ("agreed", {}, "Both signatures are missing."),
        ("agreed", {"signed_by_client_on": date(2026, 3, 1)}, "Our signature is missing."),
        ("active", {"next_review": date(2026, 4, 1)}, "The next review is on 1 April 2026."),
        ("active", {}, "In force."),
        ("expiring", {"ends_on": date(2026, 4, 16)}, "It ends in 45 days."),
        ("expired", {}, "It is over, and promises nothing any more."),
        ("terminated", {}, "It is over, and promises nothing any more."),
        ("withdrawn", {}, "It is over, and promises nothing any more."),
    ],
)
def test_detail_says_what_is_next(sign_in, head, account, now, state, fields, words):
    contract = ContractFactory(account=account, state=state, **fields)

    assert words in text_of(sign_in(head).get(page("detail", contract.pk)))


def test_detail_says_whose_signature_is_missing(sign_in, head, account, now):
    contract = agreed(account, head, now, starts_on=date(2026, 4, 1))
    browser = sign_in(head)

    browser.post(
        page("sign", contract.pk), {"version": contract.version, "signed_on": "2026-03-02"}
    )
    ours = text_of(browser.get(page("detail", contract.pk)))
    contract.refresh_from_db()
    theirs = {"signed_on": "2026-03-01", "signed_by": "Rada Lipova", "document": "Archive 7"}
    browser.post(page("record_signature", contract.pk), {"version": contract.version} | theirs)
    both = text_of(browser.get(page("detail", contract.pk)))

    assert "The client’s signature is missing." in ours
    assert "Signed by both. It comes into force on 1 April 2026." in both
    assert "Rada Lipova" in both
    assert "Archive 7" in both


def test_detail_shows_the_chain_of_versions(sign_in, manager, proposed, now):
    revision = services.revise_contract(actor=manager, contract=proposed, now=now)
    browser = sign_in(manager)

    old = text_of(browser.get(page("detail", proposed.pk)))
    new = text_of(browser.get(page("detail", revision.pk)))

    assert f"The newer version {revision.no} is on its way." in old
    services.propose_contract(actor=manager, contract=revision, now=now)
    replaced = text_of(browser.get(page("detail", proposed.pk)))
    assert f"The version {revision.no} took its place." in replaced
    assert page("diff", revision.pk) in old
    assert page("detail", proposed.pk) in new


def test_detail_tells_how_it_was_kept_this_month(sign_in, head, account, start, clock):
    contract = in_force(account, head, clock.at)
    complaint = start()
    clockwork.stop_clocks(complaint, ["first_response"], clock.at)
    clock.forward(days=3)

    told = text_of(sign_in(head).get(page("detail", contract.pk)))

    assert "1 of 1 in time" in told
    assert "0 of 1 in time" in told


def test_detail_costs_the_same_however_much_it_says(sign_in, head, draft, query_count):
    def cost(count):
        contract = draft(
            scope_items=tuple(ScopeRow(f"Service {number}") for number in range(count)),
            steps=tuple(StepRow("notify", percent=50, person=UserFactory()) for _ in range(count)),
        )
        return query_count(sign_in(head), page("detail", contract.pk))

    assert cost(1) == cost(3) <= 22


def test_text_of_people_is_shown_as_text(sign_in, manager, draft):
    contract = draft(
        scope="<i>Tills</i>",
        scope_items=(ScopeRow("<script>alert(1)</script>"),),
        exclusions=(ExclusionRow("client_delay", "<img src=x onerror=alert(1)>"),),
    )

    told = text_of(sign_in(manager).get(page("detail", contract.pk)))

    assert "<script>alert" not in told
    assert "<img src=x" not in told
    assert "<i>Tills" not in told


JOURNEY = {
    "propose": ("draft", {}, "proposed"),
    "agree": ("proposed", {}, "agreed"),
    "negotiate": ("proposed", {"note": "Faster at night"}, "negotiating"),
    "withdraw": ("proposed", {"reason": "No budget"}, "withdrawn"),
    "terminate": ("active", {"reason": "Sold"}, "terminated"),
}


@pytest.mark.parametrize("verb", JOURNEY)
def test_an_action_reaches_its_service(sign_in, head, account, now, verb):
    before, fields, after = JOURNEY[verb]
    contract = ContractFactory(account=account, state=before, targets={("p2", "resolution"): 480})
    browser = sign_in(head)

    shown = browser.get(page(verb, contract.pk))
    answer = browser.post(page(verb, contract.pk), {"version": contract.version} | fields)

    contract.refresh_from_db()
    assert shown.status_code == 200
    assert answer["Location"] == page("detail", contract.pk)
    assert contract.state == after


def test_an_approval_reaches_its_service(sign_in, head, draft):
    contract = draft(targets=FAST)
    given = {"version": contract.version, "kind": "tighter", "note": "We can."}

    sign_in(head).post(page("approve", contract.pk), given)

    approval = Approval.objects.get()
    assert (approval.contract, approval.kind, approval.by, approval.note) == (
        contract, "tighter", head, "We can.",
    )  # fmt: skip


def test_a_new_version_leads_to_its_editor_and_a_renewal_to_its_page(
    sign_in, head, account, proposed, now
):
    browser = sign_in(head)
    held = in_force(AccountFactory(calendar=account.calendar), head, now)

    revised = browser.post(page("revise", proposed.pk), {"version": proposed.version})
    renewed = browser.post(page("renew", held.pk), {"version": held.version})

    assert revised["Location"] == page("edit", proposed.successor.pk)
    assert renewed["Location"] == page("detail", held.successor.pk)


@pytest.mark.parametrize(
    ("verb", "fields", "status", "words"),
    [
        ("agree", {}, 409, "Not possible while it is “Draft”."),
        ("negotiate", {"note": ""}, 422, "This field is required"),
        ("sign", {"signed_on": "x"}, 422, "Enter a valid date"),
        ("approve", {"kind": "all"}, 422, "not one of the available choices"),
        ("propose", {"version": "7"}, 412, "Somebody else changed this"),
    ],
)
def test_a_refused_action_says_why(sign_in, head, draft, now, verb, fields, status, words):
    contract = draft()
    given = {"version": contract.version} | fields

    answer = sign_in(head).post(page(verb, contract.pk), given, headers=HTMX)

    assert answer.status_code == status
    assert words in text_of(answer)


@pytest.mark.parametrize("verb", ["propose", "agree", "withdraw", "sign", "terminate", "renew"])
def test_actions_are_forbidden_to_support_and_unknown_to_nobody(sign_in, agent, draft, verb):
    contract, browser = draft(), sign_in(agent)

    assert browser.post(page(verb, contract.pk)).status_code == 403
    assert browser.post(page(verb, contract.account_id)).status_code == 404


@pytest.mark.parametrize("verb", ["sign", "terminate"])
def test_only_heads_sign_and_end(sign_in, manager, proposed, verb):
    assert sign_in(manager).get(page(verb, proposed.pk)).status_code == 403


def test_the_next_step_stands_out(sign_in, manager, proposed):
    told = text_of(sign_in(manager).get(page("detail", proposed.pk)))

    primary = told.partition('<a class="btn btn-primary" href="')[2]
    assert primary.startswith(page("agree", proposed.pk))
    assert told.count("btn btn-primary") == 1


def test_the_document_is_a_pdf_in_the_clients_language(sign_in, technician, proposed):
    proposed.account.language = "bg"
    proposed.account.save()

    answer = sign_in(technician).get(page("document", proposed.pk))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{proposed.no}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert b"/Lang (bg)" in answer.content


def test_explain_adds_up(sign_in, agent, start, clock_of, pause, now):
    complaint = start()
    pause(complaint, now + timedelta(hours=1), hours=2)

    told = text_of(sign_in(agent).get(page("explain", clock_of(complaint).pk)))

    assert "within 8 working hours" in told
    assert "Stood still from Mon, 2 Mar 2026, 13:00 to Mon, 2 Mar 2026, 15:00" in told
    assert "Liberation Day" in told
    assert "12:00–13:00" in told
    assert "15:00–18:00" in told
    assert "8:00:00" in told


def test_explain_of_a_clock_that_stands_still_says_what_is_left(
    sign_in, agent, start, clock_of, pause, now
):
    complaint = start()
    pause(complaint, now + timedelta(hours=1))

    told = text_of(sign_in(agent).get(page("explain", clock_of(complaint).pk)))

    assert "not while it stands still; 7:00:00 left" in told
    assert "Stands still since Mon, 2 Mar 2026, 13:00" in told


def test_a_clock_is_as_visible_as_its_complaint(sign_in, technician, people, start, clock_of):
    complaint = start()
    address = page("explain", clock_of(complaint).pk)
    browser = sign_in(technician)

    before = browser.get(address).status_code
    complaint.assignee = technician
    complaint.save()

    assert (before, browser.get(address).status_code) == (404, 200)
    assert sign_in(people["ad"]).get(address).status_code == 404


def test_explain_costs_the_same_however_many_pauses_there_were(
    sign_in, agent, start, clock_of, pause, now, django_assert_max_num_queries
):
    complaint = start()
    browser = sign_in(agent)
    browser.get(page("explain", clock_of(complaint).pk))
    with django_assert_max_num_queries(12) as one:
        browser.get(page("explain", clock_of(complaint).pk))
    for hour in range(1, 4):
        pause(complaint, now + timedelta(hours=hour), minutes=10)
    with django_assert_max_num_queries(len(one)):
        browser.get(page("explain", clock_of(complaint).pk))


def test_the_account_page_shows_the_levels_and_how_they_were_kept(
    sign_in, manager, account, start, clock
):
    complaint = start()
    clockwork.stop_clocks(complaint, ["first_response"], clock.at)
    clock.forward(hours=3)
    browser = sign_in(manager)

    house = text_of(browser.get(reverse("accounts:detail", args=[account.pk])))
    ContractFactory(account=account, no="SLA-2026-00077")
    written = text_of(browser.get(reverse("accounts:detail", args=[account.pk])))

    assert "House standard" in house
    assert "1 of 1 in time" in house
    assert "nothing fell due" in house
    assert "SLA-2026-00077" in written
