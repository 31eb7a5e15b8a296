"""A notice written, sent and answered in a browser: live checks, calls, the recipient's page."""

import pytest
from playwright.sync_api import expect

from complaints import services
from complaints.models import Notice, Recipient
from complaints.notice_links import token_of
from core.operations import SYSTEM
from core.timers import run_due
from tests.complaints.notices import BATCH, ENGLISH, ITEM, RUSSIAN, client, draft_of, hold

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/complaints/notices/"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def sent(technician, manager, head, executive, now):
    """A notice to two accounts; one letter came back."""
    for name in ("Borea", "Halden"):
        hold(client(name))
    draft = draft_of(manager, texts={"en": ENGLISH, "ru": RUSSIAN})
    notice = services.draft_notice(actor=technician, draft=draft, now=now)
    for person in (head, executive):
        services.approve_notice(actor=person, notice=notice, now=now)
    services.send_notice(actor=head, notice=notice, now=now)
    run_due(now)
    row = Recipient.objects.get(name="Borea")
    services.bounce_recipient(actor=SYSTEM, mail_id=row.mail_id, now=now)
    return notice


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_notices_are_accessible_and_fit_a_phone(
    visit, live_server, head, manager, technician, sent, now, violations, complaints_of_browser,
    theme,
):  # fmt: skip
    draft = services.draft_notice(actor=technician, draft=draft_of(manager), now=now)
    row = Recipient.objects.get(name="Borea")
    paths = [
        LIST, f"{LIST}draft/", f"{LIST}{draft.pk}/", f"{LIST}{draft.pk}/edit/",
        f"{LIST}{draft.pk}/approve/", f"{LIST}{sent.pk}/", f"{LIST}{sent.pk}/recipients/",
        f"{LIST}{sent.pk}/calls/", f"{LIST}recipients/{row.pk}/", f"/n/{token_of(row.pk)}/",
    ]  # fmt: skip
    page, found = visit(LIST, head, theme=theme), {}
    for path in paths:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(live_server.url + path)
        flaws = violations() if answer.ok else [f"answers {answer.status}"]
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            flaws.append(f"{width} px wide")
        if flaws:
            found[path] = flaws

    assert found == {}
    assert complaints_of_browser == []


def test_the_letter_and_its_checks_follow_what_is_typed(visit, technician, now):
    hold(client("Halden"))
    page = visit(f"{LIST}draft/", technician)

    page.locator("label.choice:has([value=safety])").click()
    page.fill("#id_item", ITEM)
    page.fill("#id_batch", BATCH)
    page.press("#id_batch", "Tab")
    expect(page.locator("#exposure")).to_contain_text("1 recipient")
    page.fill("#id_what_en", "It overheats. As a precaution we tell you.")
    expect(page.locator("#preview")).to_contain_text("makes the danger look smaller")
    page.fill("#id_what_en", "It overheats.")
    expect(page.locator("#preview")).not_to_contain_text("makes the danger look smaller")
    for name in ("risk", "action", "remedy"):
        page.fill(f"#id_{name}_en", getattr(ENGLISH, name))
    page.locator(".notice-editor .form-actions button").click()
    expect(page.locator("h1")).to_have_text(ITEM)

    assert Notice.objects.get().texts.get().what == "It overheats."


def test_a_call_is_recorded_in_place(visit, head, sent):
    page = visit(f"{LIST}{sent.pk}/calls/", head)

    page.get_by_role("button", name="Reached: has heard it").click()
    expect(page.get_by_text("Nobody is to be called.")).to_be_visible()

    assert Recipient.objects.get(name="Borea").state == "acknowledged"


def test_the_recipient_answers_without_signing_in(visit, sent):
    row = Recipient.objects.get(name="Halden")
    page = visit(f"/n/{token_of(row.pk)}/")

    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("status")).to_have_text("Thank you for telling us.")
    page.get_by_label("A word to your contact").fill("When will you come?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("When will you come?")).to_be_visible()

    row.refresh_from_db()
    assert (row.state, row.comment) == ("acknowledged", "When will you come?")
