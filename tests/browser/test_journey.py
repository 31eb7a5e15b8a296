import re

import pytest
from playwright.sync_api import expect

from complaints.models import Complaint
from core.models import AuditEntry
from tests.browser.hands import open_step, press
from tests.complaints.recovery import make_ready
from tests.journeys.conftest import (
    STORY,
    account,
    contact,
    tick,
    worker,
)

__all__ = ["account", "contact", "tick", "worker"]
pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-password"


def log_by_keyboard(page):
    """One screen, no mouse."""
    page.wait_for_load_state()  # the heading is there before the script that hears keys
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="Log complaint")).to_be_visible()
    page.get_by_role("searchbox", name="Account").fill("Lipa")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name=re.compile("Lipa Bakery")).check()
    page.get_by_role("combobox", name="Contact").select_option(index=1)
    page.get_by_role("textbox", name="The client's own words").fill("The till prints no receipts.")
    page.get_by_role("radio", name="Important process hurt").check()
    page.get_by_role("radio", name="Today").check()
    expect(page.locator("#preview")).to_contain_text("P2")
    page.get_by_role("button", name="Log complaint").press("Enter")


def test_the_main_job_in_a_browser(
    page, live_server, account, contact, agent, manager, tick, clock, visit
):
    agent.set_password(PASSWORD)
    agent.save()
    page.set_default_timeout(8000)
    page.goto(live_server.url)
    page.locator("input[name=login]").fill(agent.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My day")).to_be_visible()

    log_by_keyboard(page)
    expect(page.get_by_text("CMP-2026-00001").first).to_be_visible()
    complaint = Complaint.objects.get()
    here = page.url.removeprefix(live_server.url)
    expect(page.get_by_text("First response").first).to_be_visible()

    tick(minutes=61)
    page.reload()
    open_step(page, "Triage")
    page.get_by_role("combobox", name="Who works on it").select_option(label=agent.name)
    press(page, "Save the triage")
    expect(page.locator(".page-head")).to_contain_text("Triaged")

    visit(here, manager)
    page.get_by_role("textbox", name="Answer to the client").fill("We are on our way.")
    page.get_by_label("When the client hears from us next").fill("")
    press(page, "Send to the client")
    expect(page.locator("#conversation")).to_contain_text("We are on our way.")
    assert complaint.clocks.get(metric="first_response").state == "met"

    open_step(page, "Wait")
    page.get_by_role("radio", name=re.compile("client", re.IGNORECASE)).check()
    page.locator("#step-form textarea").fill("Which till is it?")
    press(page, "Send and wait")
    expect(page.get_by_text("paused").first).to_be_visible()
    assert complaint.clocks.get(metric="resolution").due_at is None

    tick(hours=20)
    visit(here, manager)
    page.get_by_role("link", name="The client wrote").first.click()
    page.get_by_label(re.compile("What the client")).fill("The left one.")
    press(page, "Add the client's words")
    expect(page.get_by_text("The left one.").first).to_be_visible()
    tick(hours=3)
    tick(days=1)

    make_ready(complaint, manager, clock.at)
    visit(here, manager)
    expect(page.get_by_text("overdue").first).to_be_visible()
    open_step(page, "Resolve")
    page.locator("#step-form [name=resolution_type]").select_option("fixed")
    page.locator("#step-form textarea").fill("Replaced the cutter.")
    press(page, "Tell the client and resolve")
    expect(page.get_by_role("button", name="Satisfied", exact=True)).to_be_visible()

    clock.forward(days=1)
    visit(here, manager)
    press(page, "Satisfied")
    expect(page.locator(".page-head")).to_contain_text("Closed")

    entries = AuditEntry.objects.filter(target_id=complaint.pk).order_by("id")
    assert list(entries.values_list("verb", flat=True)) == STORY
    visit(f"/accounts/{account.pk}/", manager)
    for entry in entries:
        expect(page.get_by_text(str(entry.says)).first).to_be_visible()
