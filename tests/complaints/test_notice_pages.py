"""Pages of notices for colleagues, and the page by link for who is warned."""

import re

import pytest
from django.test import Client as Browser

from complaints import services
from complaints.models import Finding, Notice, Problem, Recipient
from complaints.notice_links import LASTS, token_of
from complaints.notice_queries import recipient_list
from complaints.views.recipient import followed_by
from core.models import AuditEntry, OutgoingMail
from core.operations import SYSTEM
from core.timers import run_due
from tests.complaints.notices import BATCH, DEADLINE, ENGLISH, ITEM, RUSSIAN, draft_of, hold
from tests.complaints.notices import client as holder
from tests.conftest import HTMX
from tests.factories import AccountFactory, ContactFactory, UserFactory

LIST, DRAFT = "/complaints/notices/", "/complaints/notices/draft/"


@pytest.fixture
def notice(technician, manager, now):
    draft = draft_of(manager, texts={"en": ENGLISH, "ru": RUSSIAN})
    return services.draft_notice(actor=technician, draft=draft, now=now)


@pytest.fixture
def approved(notice, head, executive, now):
    for person in (head, executive):
        services.approve_notice(actor=person, notice=notice, now=now)
    return notice


@pytest.fixture
def sent(approved, head, now):
    """The notice, sent to Borea and Halden."""
    for name in ("Borea", "Halden"):
        hold(holder(name))
    services.send_notice(actor=head, notice=approved, now=now)
    run_due(now)
    approved.refresh_from_db()
    return approved


@pytest.fixture
def recipient(sent):
    return Recipient.objects.get(name="Halden")


def page(row, part=""):
    return f"{LIST}{row.pk}/{part and part + '/'}"


def typed(contact, **given):
    blocks = {f"{name}_en": getattr(ENGLISH, name) for name in ENGLISH.__slots__}
    return {
        "kind": "safety", "item": ITEM, "batch": BATCH, "deadline": DEADLINE.isoformat(),
        "contact": str(contact.pk), **blocks, **given,
    }  # fmt: skip


def test_a_notice_is_drafted_on_one_page(sign_in, technician, manager):
    answer = sign_in(technician).post(DRAFT, typed(manager))

    notice = Notice.objects.get()
    assert answer.headers["Location"] == page(notice)
    assert [text.what for text in notice.texts.all()] == [ENGLISH.what]


def test_a_part_that_is_left_out_is_named(sign_in, technician, manager):
    answer = sign_in(technician).post(DRAFT, typed(manager, risk_en=""))

    assert answer.status_code == 422
    assert answer.context["form"].errors["risk_en"] == ["None of the parts may be left out."]


def test_the_regret_that_stands_there_makes_no_text(sign_in, technician, manager):
    empty = {f"{name}_en": "" for name in ("what", "risk", "action", "remedy")}

    answer = sign_in(technician).post(DRAFT, typed(manager, **empty))

    assert answer.status_code == 422
    assert "in one language at least" in answer.content.decode()


def test_a_problem_begins_the_draft(sign_in, technician, now):
    problem = Problem.objects.create(
        no="PRB-1", root_cause="product_defect", item=ITEM, batch=BATCH, is_safety=True,
        owner=technician, opened_at=now, seen_in=1,
    )  # fmt: skip
    hold(holder("Halden"))

    answer = sign_in(technician).get(f"{DRAFT}?problem={problem.pk}")

    form = answer.context["form"]
    assert (form["item"].value(), form["kind"].value()) == (ITEM, "safety")
    assert len(answer.context["exposure"].affected) == 1


@pytest.mark.parametrize("wrong", ["nonsense", "00000000-0000-7000-8000-000000000000"])
def test_a_problem_that_is_none_begins_an_empty_draft(sign_in, technician, wrong):
    answer = sign_in(technician).get(f"{DRAFT}?problem={wrong}")

    assert answer.context["form"]["problem"].value() is None


def test_while_one_types_the_letter_and_its_checks_stand_beside(sign_in, technician, manager):
    browser = sign_in(technician)

    answer = browser.post(
        "/complaints/notices/preview/",
        typed(manager, what_en="It is not our fault: our supplier failed us."),
        headers=HTMX,
    )

    shown = answer.content.decode()
    assert "puts the blame on others" in shown
    assert re.search(r'<mark class="blame">[^<]*not our fault', shown)
    assert ENGLISH.action in shown
    assert not Notice.objects.exists()


def test_while_one_types_holders_are_counted(sign_in, technician, manager):
    hold(holder("Halden"))

    answer = sign_in(technician).post(
        "/complaints/notices/exposure/", typed(manager, what_en=""), headers=HTMX
    )

    assert answer.context["exposure"].accounts == 1
    assert "Halden" in answer.content.decode()


def test_the_edit_page_changes_it_and_warns_that_the_yes_is_gone(
    sign_in, technician, manager, approved
):
    browser = sign_in(technician)

    shown = browser.get(page(approved, "edit")).content.decode()
    assert "It has been approved." in shown
    browser.post(page(approved, "edit"), typed(manager, batch="B-9", version=approved.version))

    approved.refresh_from_db()
    assert (approved.batch, approved.state) == ("B-9", "draft")


def test_a_stale_edit_says_so(sign_in, technician, manager, notice):
    browser = sign_in(technician)
    browser.post(page(notice, "edit"), typed(manager, batch="B-9", version=notice.version))

    answer = browser.post(page(notice, "edit"), typed(manager, batch="B-7", version=1))

    notice.refresh_from_db()
    assert (answer.status_code, notice.batch) == (412, "B-9")


def test_the_heads_yes_is_given_on_a_page_that_shows_every_word(sign_in, head, notice):
    browser = sign_in(head)

    shown = browser.get(page(notice, "approve")).content.decode()
    assert ENGLISH.what in shown
    assert RUSSIAN.what in shown
    answer = browser.post(page(notice, "approve"), {"version": notice.version})

    assert answer.headers["Location"] == page(notice)
    assert notice.approvals.get().by == head


def test_a_refusal_stands_on_the_page(sign_in, head, approved):
    answer = sign_in(head).post(page(approved, "send"), {"version": approved.version})

    assert answer.status_code == 409
    assert "Nobody holds it as far as we know" in answer.content.decode()


@pytest.mark.parametrize("part", ["approve", "send", "close"])
def test_who_may_not_take_the_step_sees_no_page_of_it(part, sign_in, people, notice):
    assert sign_in(people["sa"]).get(page(notice, part)).status_code == 403


def test_the_page_of_a_notice_offers_what_is_possible_and_says_what_is_missing(
    sign_in, technician, head, manager, notice
):
    author = sign_in(technician).get(page(notice)).content.decode()
    mine = sign_in(head).get(page(notice)).content.decode()
    sender = sign_in(manager).get(page(notice)).content.decode()

    assert page(notice, "edit") in author
    assert page(notice, "approve") not in author
    assert page(notice, "approve") in mine
    assert "It must be approved first." in sender


def test_the_author_who_is_a_head_reads_why_he_may_not_approve(sign_in, head, manager, now):
    own = services.draft_notice(actor=head, draft=draft_of(manager), now=now)

    shown = sign_in(head).get(page(own)).content.decode()

    assert "You wrote it, so somebody else must approve it." in shown


def test_progress_is_shown_and_refreshed_while_letters_leave(sign_in, head, approved, now):
    hold(holder("Halden"))
    services.send_notice(actor=head, notice=approved, now=now)
    browser = sign_in(head)

    leaving = browser.get(page(approved)).content.decode()
    run_due(now)
    part = browser.get(page(approved), headers=HTMX).content.decode()

    assert "The letters are leaving" in leaving
    assert "The letters are leaving" not in part
    assert 'id="progress"' in part
    assert "<html" not in part


def test_the_list_shows_how_far_each_notice_has_come(sign_in, head, sent, recipient, now):
    services.acknowledge_recipient(actor=SYSTEM, recipient=recipient, now=now)

    shown = sign_in(head).get(LIST).content.decode()

    assert "50.00\N{NO-BREAK SPACE}% (1 of 2)" in shown


@pytest.mark.parametrize(
    ("query", "found"), [("?state=tracking", 1), ("?state=draft", 0), ("?kind=safety", 1)]
)
def test_the_list_is_filtered(query, found, sign_in, head, sent):
    assert len(sign_in(head).get(f"{LIST}{query}").context["lines"]) == found


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Borea", "Halden"]),
        ("?state=acknowledged", ["Halden"]),
        ("?state=sent", ["Borea"]),
        ("?q=bor", ["Borea"]),
        ("?language=ru", []),
    ],
)
def test_recipients_are_filtered(query, names, sign_in, head, sent, recipient, now):
    services.acknowledge_recipient(actor=SYSTEM, recipient=recipient, now=now)

    answer = sign_in(head).get(f"{page(sent, 'recipients')}{query}")

    assert [row.name for row in answer.context["page"].rows] == names


def test_the_list_of_calls_has_numbers_to_tap_and_records_in_place(
    sign_in, head, sent, recipient, clock
):
    services.bounce_recipient(actor=SYSTEM, mail_id=recipient.mail_id, now=clock())
    browser = sign_in(head)

    shown = browser.get(page(sent, "calls")).content.decode()
    assert 'href="tel:+3592000000"' in shown
    assert ENGLISH.action in shown
    recipient.refresh_from_db()
    answer = browser.post(
        f"{LIST}recipients/{recipient.pk}/try/?back=calls",
        {"version": recipient.version, "channel": "phone", "outcome": "reached"},
    )

    recipient.refresh_from_db()
    assert (answer.headers["Location"], recipient.state) == (page(sent, "calls"), "acknowledged")


def test_giving_up_too_early_says_what_is_missing(sign_in, head, recipient):
    answer = sign_in(head).post(
        f"{LIST}recipients/{recipient.pk}/try/",
        {"version": recipient.version, "channel": "phone", "outcome": "unreachable"},
    )

    assert answer.status_code == 409
    assert "Three tries by two ways come first" in answer.content.decode()


@pytest.mark.parametrize(
    ("step", "state"), [("acknowledge", "acknowledged"), ("action", "action_done")]
)
def test_staff_record_what_they_hear(step, state, sign_in, head, recipient):
    sign_in(head).post(f"{LIST}recipients/{recipient.pk}/{step}/", {"version": recipient.version})

    recipient.refresh_from_db()
    assert recipient.state == state


def test_whom_one_looks_after_is_the_rule_of_the_permission(sent, people, stranger, technician):
    owner = Recipient.objects.get(name="Borea").account.owner
    rows = list(recipient_list(people["hk"]).filter(notice=sent))

    for person in (*people.values(), stranger, owner, technician, UserFactory(roles=["te"])):
        allowed = {row.pk for row in rows if person.has_perm("complaints.record_try", row)}
        assert followed_by(person, sent, rows) == allowed, person.roles


@pytest.mark.parametrize("part", ["", "recipients", "calls"])
def test_the_number_of_queries_does_not_grow(part, sign_in, head, sent, query_count, now):
    browser, address = sign_in(head), page(sent, part)
    for row in Recipient.objects.all():
        services.bounce_recipient(actor=SYSTEM, mail_id=row.mail_id, now=now)
    few = query_count(browser, address)
    for number in range(3):
        account = AccountFactory(name=f"More {number}")
        Recipient.objects.create(
            notice=sent, account=account, name=account.name, phone_due_at=now, state="bounced",
            sent_at=now, email="x@client.example", contact=ContactFactory(account=account),
        )  # fmt: skip

    assert query_count(browser, address) == few


def test_the_list_costs_the_same_for_one_and_three_notices(
    sign_in, head, sent, technician, manager, query_count, now
):
    browser = sign_in(head)
    few = query_count(browser, LIST)
    for batch in ("B-7", "B-8"):
        services.draft_notice(actor=technician, draft=draft_of(manager, batch=batch), now=now)

    assert query_count(browser, LIST) == few


@pytest.mark.parametrize("role", ["ad", "api"])
def test_who_works_with_no_clients_sees_no_notice(role, sign_in, people, notice):
    browser = sign_in(people[role])

    assert {browser.get(path).status_code for path in (LIST, page(notice))} <= {302, 403, 404}


# The page by link.


@pytest.fixture
def link(recipient):
    return f"/n/{token_of(recipient.pk)}/"


def test_the_link_of_the_letter_opens_the_notice_without_signing_in(client, recipient, link):
    letter = OutgoingMail.objects.get(pk=recipient.mail_id)
    assert link in letter.body

    answer = client.get(link)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert ENGLISH.action in shown
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "script" not in answer.headers["Content-Security-Policy"]


def test_looking_changes_nothing_for_scanners_open_every_link(client, recipient, link):
    before, entries = recipient.version, AuditEntry.objects.count()

    client.get(link)
    client.head(link)

    recipient.refresh_from_db()
    assert (recipient.version, recipient.state) == (before, "sent")
    assert AuditEntry.objects.count() == entries


def test_he_confirms_acts_and_writes(client, recipient, link):
    read = client.post(link, {"said": "read"})
    client.post(link, {"said": "done"})
    client.post(link, {"said": "comment", "body": "We have <b>ten</b>."})

    recipient.refresh_from_db()
    assert read.headers["Location"] == f"{link}?said=read"
    assert (recipient.state, recipient.comment) == ("action_done", "We have <b>ten</b>.")
    assert recipient.acknowledged_at
    assert recipient.acted_at
    shown = client.get(f"{link}?said=comment").content.decode()
    assert "You confirmed that you have read this" in shown
    assert "We have &lt;b&gt;ten&lt;/b&gt;." in shown


def test_saying_it_twice_is_saying_it_once(client, recipient, link):
    for _ in range(2):
        answer = client.post(link, {"said": "read"})

    assert answer.status_code == 302
    assert AuditEntry.objects.filter(verb="complaints.acknowledge_recipient").count() == 1


@pytest.mark.parametrize("body", [{}, {"said": "nonsense"}, {"said": "comment", "body": ""}])
def test_what_says_nothing_is_refused(body, client, recipient, link):
    assert client.post(link, body).status_code == 422

    recipient.refresh_from_db()
    assert recipient.state == "sent"


def test_another_language_is_a_click_away(client, link):
    shown = client.get(f"{link}?lang=ru").content.decode()

    assert RUSSIAN.action in shown
    assert '<html lang="ru"' in shown


def test_a_language_it_is_not_written_in_shows_the_own_text(client, link):
    shown = client.get(f"{link}?lang=bg").content.decode()

    assert ENGLISH.action in shown
    assert '<html lang="bg"' in shown


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00" * 3])
def test_a_link_that_nobody_was_given_opens_nothing(token, client, recipient):
    assert client.get(f"/n/{token}/").status_code in {400, 404}


def test_a_link_is_worth_nothing_after_a_year(client, link, clock):
    clock.forward(days=LASTS.days - 1)
    assert client.get(link).status_code == 200

    clock.forward(days=2)

    assert client.get(link).status_code == 404
    assert client.post(link, {"said": "read"}).status_code == 404


def test_the_secret_is_stored_nowhere(recipient):
    token = token_of(recipient.pk)

    assert token not in str(list(Recipient.objects.values()))
    assert token not in str(list(AuditEntry.objects.values()))


def test_too_many_looks_are_slowed_down(client, link):
    answers = [client.get(link).status_code for _ in range(70)]

    assert answers[0] == 200
    assert answers[-1] == 429


def test_a_form_of_another_site_is_refused(link):
    assert Browser(enforce_csrf_checks=True).post(link, {"said": "read"}).status_code == 403


PLANTED = "Xyzzy"


def test_nothing_internal_is_in_any_letter_or_page(
    client, technician, head, executive, manager, log, now
):
    complaint = log(client_words=f"{PLANTED} words of another client")
    Finding.objects.create(
        complaint=complaint,
        cause_text=f"{PLANTED} cause",
        justified="yes",
        fault="supplier",
        confirmed_at=now,
    )
    problem = Problem.objects.create(
        no="PRB-1", root_cause="product_defect", item=ITEM, batch=BATCH, owner=technician,
        opened_at=now, seen_in=3, description=f"{PLANTED} known since January",
    )  # fmt: skip
    reseller = AccountFactory(name=f"{PLANTED} Reseller", notes=PLANTED)
    hold(None, reseller=reseller, holder_name=f"{PLANTED} Other", holder_email="other@x.example")
    hold(reseller, note=PLANTED)
    hold(None, reseller=reseller, holder_name="Ann", holder_email="ann@home.example")
    draft = draft_of(manager, partner_text=f"{PLANTED} supplier text")
    notice = services.draft_notice(actor=technician, draft=draft, problem=problem, now=now)
    for person in (head, executive):
        services.approve_notice(actor=person, notice=notice, now=now)
    services.send_notice(actor=head, notice=notice, now=now)
    run_due(now)

    ann = Recipient.objects.get(name="Ann")
    letter = OutgoingMail.objects.get(to="ann@home.example")
    shown = client.get(f"/n/{token_of(ann.pk)}/").content.decode()

    for text in (letter.subject, letter.body, shown):
        assert PLANTED not in text
        assert "PRB-1" not in text
        assert str(reseller.pk) not in text
    assert ENGLISH.what in letter.body
