import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import Account, Contact, Promise, Touch
from accounts.timeline import Chapter
from core.models import AuditEntry
from core.timers import run_due
from tests.conftest import HTMX
from tests.factories import AccountFactory, AuditEntryFactory, ContactFactory, UserFactory

INDEX = "/accounts/"


def page(name, row, **query):
    return reverse(f"accounts:{name}", args=[row.pk], query=query)


def names(response):
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', response.content.decode())


def text(response):
    return response.content.decode()


@pytest.fixture
def window(sign_in, manager):
    return sign_in(manager)


@pytest.fixture
def typed(account):
    """What the edit form of the account sends when nothing was changed."""
    return {
        "version": account.version, "name": account.name, "kind": "company", "stage": "client",
        "client_since": "2024-01-01", "tier": "small", "language": "en",
        "time_zone": "Europe/Sofia", "calendar": account.calendar_id, "currency": "EUR",
        "payment_term_days": 30,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Borea Retail Group", "Kobza Media", "Жалоба и сыновья"]),
        ("q=ЖАЛОБА", ["Жалоба и сыновья"]),
        ("q=жалоьа", ["Жалоба и сыновья"]),
        ("q=zhaloba", ["Жалоба и сыновья"]),
        ("q=кобза", ["Kobza Media"]),
        ("q=100%25", []),
        ("stage=lead", ["Kobza Media"]),
        ("tier=key", ["Жалоба и сыновья"]),
        ("country=BG", ["Kobza Media"]),
        ("mine=on", ["Borea Retail Group"]),
        ("stage=nonsense", ["Borea Retail Group", "Kobza Media", "Жалоба и сыновья"]),
        ("sort=-name", ["Жалоба и сыновья", "Kobza Media", "Borea Retail Group"]),
        ("sort=tier", ["Жалоба и сыновья", "Borea Retail Group", "Kobza Media"]),
        ("sort=stage&limit=1", ["Kobza Media"]),
    ],
)
def test_list_is_searched_filtered_and_sorted(window, account, query, found):
    AccountFactory(name="Kobza Media", stage="lead", country="BG", tier="small")
    AccountFactory(name="Жалоба и сыновья", tier="key")

    assert names(window.get(f"{INDEX}?{query}")) == found


def test_list_is_sorted_by_last_touch_and_next_promise(window, account, promise, talk):
    quiet = AccountFactory(name="Kobza Media")
    talk()

    assert names(window.get(f"{INDEX}?sort=touch")) == [account.name, quiet.name]
    assert names(window.get(f"{INDEX}?sort=promise")) == [account.name, quiet.name]


def test_list_goes_on_at_its_cursor_in_either_order(window, account):
    others = [AccountFactory(name=f"Kobza {number}").name for number in range(2)]
    for sort, wanted in (("promise", None), ("-name", [*reversed(others), account.name])):
        seen, url = [], f"{INDEX}?sort={sort}&limit=1"
        while url:
            shown = window.get(url)
            seen += names(shown)
            url = shown.context["page"].older_url
        assert sorted(seen) == sorted([account.name, *others])
        assert wanted in (None, seen)


def test_list_says_what_to_do_when_it_is_empty(window):
    assert "No accounts yet" in text(window.get(INDEX))
    assert "No account fits these filters" in text(window.get(f"{INDEX}?q=xyzzy"))


def test_filters_swap_the_rows_only(window, account):
    part = window.get(f"{INDEX}?q=borea", headers=HTMX)

    assert names(part) == [account.name]
    assert "<html" not in text(part)


@pytest.mark.parametrize("path", ["index", "detail", "people", "promises"])
def test_pages_cost_the_same_for_one_row_and_for_three(
    window, account, promise_to, talk, query_count, path
):
    urls = {
        "index": INDEX, "detail": page("detail", account),
        "people": page("detail", account, show="talks"), "promises": "/accounts/promises/",
    }  # fmt: skip

    def grow():
        AccountFactory(parent=account)
        talk(contacts=[ContactFactory(account=account)])
        promise_to()

    grow()
    one = query_count(window, urls[path])
    grow()
    grow()
    assert query_count(window, urls[path]) == one


def test_page_tells_what_is_going_on(window, account, child, contact, promise, talk):
    talk(contacts=[contact], next_step="Send figures")

    shown = text(window.get(page("detail", account)))

    for words in (
        "we choose to please", "Send the offer", "Helen Marsh", "Borea Logistics",
        "Send figures", "With: Helen Marsh", "Today", "Promised PRM-2026-00001",
    ):  # fmt: skip
        assert words in shown, words


def test_a_lead_is_not_greeted_as_a_signed_client(window, manager):
    lead = AccountFactory(owner=manager, stage="lead", client_since=None)

    assert "we choose to please" not in text(window.get(page("detail", lead)))


@pytest.mark.parametrize(
    ("role", "reads"), [("am", True), ("hk", True), ("ex", True), ("sa", False), ("te", False)]
)
def test_what_the_client_really_said_is_for_few(people, sign_in, account, talk, role, reads):
    touch = talk(client_said="They look at a rival")
    window = sign_in(people[role])

    for url in (page("detail", account), page("touch", touch)):
        shown = text(window.get(url))
        assert "Talked" in shown
        assert ("They look at a rival" in shown) is reads


def test_foreign_account_manager_does_not_read_what_the_client_really_said(
    sign_in, stranger, account, talk
):
    talk(client_said="They look at a rival")

    assert "rival" not in text(sign_in(stranger).get(page("detail", account)))


def test_administrator_reads_no_business_of_clients(
    sign_in, admin, account, contact, promise, talk
):
    touch = talk(summary="They want two more tills")
    window = sign_in(admin)

    shown = text(window.get(page("detail", account)))
    assert account.name in shown
    for secret in ("Helen Marsh", "Send the offer", "two more tills"):
        assert secret not in shown
    for url in (page("contact", contact), page("promise", promise), page("touch", touch)):
        assert window.get(url).status_code == 404
    assert window.get("/accounts/promises/").context["lines"] == []


def test_chapters_narrow_the_story(window, account, promise, talk, manager, now):
    talk()
    services.edit_account(actor=manager, account=account, fields={"tier": "key"}, now=now)

    def titles(show):
        lines = window.get(page("detail", account, show=show)).context["lines"]
        return [line.title for line in lines]

    assert titles("") == ["Changed the account", "Call", "Promised PRM-2026-00001"]
    assert titles("talks") == ["Call"]
    assert titles("promises") == ["Promised PRM-2026-00001"]
    assert titles("changes") == ["Changed the account"]
    assert "Small → Key" in text(window.get(page("detail", account, show="changes")))


def test_story_pages_by_cursor_and_names_each_day_once(window, account, talk, now):
    for days in (0, 0, 1, 5):
        talk(at=now - timedelta(days=days))

    first = window.get(page("detail", account, limit=2), headers=HTMX)
    older = window.get(first.context["page"].older_url, headers=HTMX)

    assert [line.day for line in first.context["lines"]] == ["Today", ""]
    assert [line.day for line in older.context["lines"]] == ["Yesterday", "25 February 2026"]
    assert "<html" not in text(older)


def test_planned_talk_says_when(window, account, talk, now):
    talk(at=now + timedelta(days=2))

    lines = window.get(page("detail", account)).context["lines"]
    assert [line.title for line in lines] == ["Planned: Call, 4 Mar, 12:00"]


def test_done_leads_back_to_the_page_of_the_button(window, account, promise_to):
    for next_page, lands_on in (
        (page("detail", account), page("detail", account)),
        ("https://evil.example/", None),
        ("//evil.example/", None),
    ):
        row = promise_to()
        answer = window.post(page("keep_promise", row), {"version": 1, "next": next_page})
        assert answer.url == (lands_on or page("promise", row))


def test_hand_over_is_told_by_names(window, account, manager, head, stranger, now):
    services.reassign_account(
        actor=head, account=account, owner=stranger, deputy=None, team=[], now=now
    )

    assert f"{manager.name} → {stranger.name}" in text(window.get(page("detail", account)))


def test_account_is_added(window, manager, account, now):
    form = {
        "name": "Lipa Bakery", "owner": manager.pk, "kind": "company", "stage": "lead",
        "tier": "small", "language": "bg", "time_zone": "Europe/Sofia",
        "calendar": account.calendar_id, "currency": "EUR", "payment_term_days": "30",
        "parent": account.pk, "parent_relation": "branch",
    }  # fmt: skip

    answer = window.post("/accounts/new/", form)

    made = Account.objects.get(name="Lipa Bakery")
    assert answer.url == page("detail", made)
    assert (made.parent, made.owner, made.language) == (account, manager, "bg")


def test_new_account_starts_with_what_is_likely(window, manager, account):
    form = window.get(f"/accounts/new/?parent={account.pk}").context["form"]

    assert form.initial["owner"] == manager.pk
    assert form.initial["calendar"] == account.calendar
    assert f'value="{account.pk}" selected' in str(form["parent"])


def test_wrong_input_keeps_what_was_typed(window, typed):
    answer = window.post("/accounts/new/", typed | {"name": "Lipa", "currency": "euro"})

    assert answer.status_code == 422
    assert 'value="Lipa"' in text(answer)
    assert "Three capital letters" in text(answer)


def test_similar_names_are_shown_without_hindering(window, account):
    hint = window.get("/accounts/duplicates/?name=Boreya+Retail", headers=HTMX)

    assert account.name in text(hint)
    assert "No account has such a name" in text(window.get("/accounts/duplicates/?name=xyzzy"))


def test_account_is_edited_and_stale_edit_shows_both_versions(window, account, typed, manager, now):
    services.edit_account(actor=manager, account=account, fields={"city": "Ruse"}, now=now)

    stale = window.post(page("edit", account), typed | {"city": "Sofia"})
    assert stale.status_code == 412
    assert "Ruse" in text(stale)
    assert 'value="Sofia"' in text(stale)

    again = window.post(page("edit", account), typed | {"city": "Sofia", "version": "2"})
    assert again.status_code == 302
    account.refresh_from_db()
    assert account.city == "Sofia"


def test_refusal_of_the_service_stands_in_the_form(window, account, child, typed):
    answer = window.post(page("edit", account), typed | {"parent": child.pk})

    assert answer.status_code == 409
    assert "cannot belong to itself" in text(answer)


def test_head_hands_an_account_over(sign_in, head, account, stranger):
    helper = UserFactory(roles=["te"])
    form = {"version": account.version, "owner": stranger.pk, "team": [helper.pk]}

    answer = sign_in(head).post(page("reassign", account), form)

    account.refresh_from_db()
    assert answer.status_code == 302
    assert (account.owner, list(account.team.all())) == (stranger, [helper])


@pytest.mark.parametrize("verb", ["edit", "reassign", "add_contact", "log_touch", "make_promise"])
def test_visible_but_forbidden_is_403_and_invisible_is_404(sign_in, executive, account, verb):
    window = sign_in(executive)
    absent = reverse(f"accounts:{verb}", args=[uuid4()])

    assert window.get(page(verb, account)).status_code == 403
    assert window.post(page(verb, account)).status_code == 403
    assert window.get(absent).status_code == 404


def test_forms_open_with_what_is_there(sign_in, head, account, contact, promise):
    window = sign_in(head)
    for name, row, words in (
        ("edit", account, "Borea Retail Group"),
        ("reassign", account, "Hand over"),
        ("log_touch", account, "What was said"),
        ("add_contact", account, "How to address"),
        ("edit_contact", contact, "helen.marsh@client.example"),
        ("keep_promise", promise, "Send the offer"),
        ("renegotiate_promise", promise, "How the client agreed"),
        ("withdraw_promise", promise, "Send the offer"),
    ):
        assert words in text(window.get(page(name, row))), name


def test_child_names_the_groups_above_it(window, account, child):
    leaf = AccountFactory(name="Borea Ruse", parent=child)

    shown = window.get(page("detail", leaf))

    assert [row.name for row in shown.context["path"]()] == [account.name, child.name]


def test_chapter_of_an_upper_app_takes_all_its_verbs(account, now):
    chapter = Chapter(order=1, key="x", label="X", verbs=("complaints.", "sla.warn"))
    for verb in ("complaints.log", "sla.warn", "sla.draft", "accounts.edit"):
        AuditEntryFactory(verb=verb)

    told = AuditEntry.objects.filter(chapter.entries).values_list("verb", flat=True)
    assert sorted(told) == ["complaints.log", "sla.warn"]


def test_forbidden_actions_are_not_offered(sign_in, executive, account):
    shown = text(sign_in(executive).get(page("detail", account)))

    for verb in ("edit", "reassign", "add_contact", "log_touch", "make_promise"):
        assert page(verb, account) not in shown


def test_talk_is_logged_in_one_line(window, account, manager, now):
    answer = window.post(
        page("log_touch", account),
        {"kind": "call", "summary": "The tills work", "direction": "out", "two_way": "on"},
        headers=HTMX,
    )

    touch = Touch.objects.get()
    account.refresh_from_db()
    assert answer.headers["HX-Redirect"] == page("detail", account)
    assert (touch.summary, touch.by, touch.at, touch.two_way) == (
        "The tills work",
        manager,
        now,
        True,
    )
    assert account.last_touch_at == now


def test_talk_with_everything(window, account, contact):
    form = {
        "kind": "informal_meeting", "summary": "Lunch", "direction": "in", "at": "2026-03-01T13:30",
        "contacts": [contact.pk], "client_said": "New owner", "next_step": "Call", "sentiment": "-1",
    }  # fmt: skip

    window.post(page("log_touch", account), form)

    touch = Touch.objects.get()
    assert touch.at.isoformat() == "2026-03-01T11:30:00+00:00"
    assert (touch.sentiment, touch.two_way, list(touch.contacts.all())) == (-1, False, [contact])


def test_form_that_was_sent_twice_logs_once(window, account):
    form = {"kind": "call", "summary": "Once", "direction": "out", "csrfmiddlewaretoken": "x" * 64}

    for _time in range(2):
        window.post(page("log_touch", account), form)

    assert Touch.objects.count() == 1


def test_talk_without_words_is_shown_again(window, account):
    answer = window.post(page("log_touch", account), {"kind": "call"}, headers=HTMX)

    assert answer.status_code == 422
    assert "<html" not in text(answer)
    assert "<details" in text(answer)


def test_contact_card_calls_and_writes_unless_the_person_asked_for_silence(
    window, account, contact, child, talk
):
    contact.also_at.add(child)
    talk(contacts=[contact])

    card = text(window.get(page("contact", contact)))
    assert 'href="tel:+3592000000"' in card
    assert 'href="mailto:helen.marsh@client.example"' in card
    assert child.name in card
    assert "Talked" in card

    Contact.objects.update(state="do_not_contact")
    silent = text(window.get(page("contact", contact)))
    assert "tel:" not in silent
    assert "Only legal and safety notices" in silent
    assert "tel:" not in text(window.get(page("detail", account)))


def test_contact_is_added_and_edited(window, account, child):
    form = {
        "name": "Tom Vidal", "emails": "tom@borea.example, t@borea.example", "phones": "",
        "language": "en", "preferred_channel": "email", "also_at": [child.pk],
    }  # fmt: skip
    window.post(page("add_contact", account), form)
    tom = Contact.objects.get()
    assert tom.emails == ["tom@borea.example", "t@borea.example"]
    assert list(tom.also_at.all()) == [child]

    form |= {"version": tom.version, "state": "left", "also_at": []}
    window.post(page("edit_contact", tom), form)
    tom.refresh_from_db()
    assert (tom.state, tom.also_at.count()) == ("left", 0)


def test_lonely_company_offers_no_others(window, account):
    assert "also_at" not in window.get(page("add_contact", account)).context["form"].fields


def test_promise_is_made_kept_moved_and_withdrawn(window, account, manager, now):
    form = {
        "text": "Send the offer", "due_at": "2026-03-04T18:00", "kind": "delivery",
        "source": "call", "made_by": manager.pk,
    }  # fmt: skip
    assert window.post(page("make_promise", account), form).url == page("detail", account)
    first = Promise.objects.get()
    assert first.due_at.isoformat() == "2026-03-04T16:00:00+00:00"

    later = {"version": 1, "due_at": "2026-03-05T18:00", "consent": "Helen agreed"}
    window.post(page("renegotiate_promise", first), later)
    window.post(page("keep_promise", first), {"version": 2})
    first.refresh_from_db()
    assert (first.renegotiations, first.state) == (1, "kept")

    window.post(page("make_promise", account), form)
    second = Promise.objects.exclude(pk=first.pk).get()
    window.post(page("withdraw_promise", second), {"version": 1, "reason": "Not needed"})
    second.refresh_from_db()
    assert second.state == "withdrawn_by_client"


def test_promise_form_proposes_the_end_of_the_next_working_day(window, account, now):
    form = window.get(page("make_promise", account)).context["promise_form"]

    assert form.initial["due_at"].isoformat() == "2026-03-03T16:00:00+00:00"


def test_promise_page_offers_what_may_be_done(window, sign_in, agent, manager, promise, clock):
    offers = [page(verb, promise) for verb in ("keep_promise", "renegotiate_promise")]

    assert all(url in text(window.get(page("promise", promise))) for url in offers)
    assert not any(url in text(sign_in(agent).get(page("promise", promise))) for url in offers)

    clock.forward(days=2)
    late = text(sign_in(manager).get(page("promise", promise)))
    assert offers[0] in late
    assert offers[1] not in late


def test_follow_up_call_leads_to_what_it_is_about(window, promise_to, contact):
    call = promise_to(kind="callback", subject=contact)

    shown = text(window.get(page("promise", call)))

    assert page("contact", contact) in shown
    assert page("keep_promise", call) not in shown


def test_promises_are_listed_overdue_first_mine_or_the_teams(
    window, sign_in, head, promise_to, stranger, clock
):
    late, early = (
        promise_to(text="Late"),
        promise_to(text="Early", due_at=clock.at + timedelta(hours=1)),
    )
    promise_to(text="Hers", made_by=stranger, due_at=clock.at + timedelta(hours=3))
    services.keep_promise(actor=head, promise=early, now=clock.at)
    clock.forward(days=2)
    listing = "/accounts/promises/"

    assert names(window.get(listing)) == ["Late"]
    assert names(window.get(f"{listing}?whose=team")) == ["Hers", "Late"]
    assert names(window.get(f"{listing}?settled=on")) == ["Early"]
    assert names(window.get(f"{listing}?account={late.account_id}")) == ["Hers", "Late"]
    assert names(sign_in(stranger).get(f"{listing}?whose=team")) == []
    assert names(sign_in(head).get(f"{listing}?whose=team")) == ["Hers", "Late"]
    assert "overdue by" in text(window.get(listing))


def test_reminder_tells_the_moment_in_the_readers_words(window, promise):
    run_due(promise.due_at)

    entry = AuditEntry.objects.get(verb="accounts.remind_promise")
    assert str(entry.says) == "The promise PRM-2026-00001 is due 3 Mar 2026, 12:00"
