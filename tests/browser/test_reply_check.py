"""The reply check as one types: marks below the box, better sentences put in and taken back."""

import pytest
from playwright.sync_api import expect

from complaints import services
from complaints.services import Intake
from tests.factories import AccountFactory, ContactFactory

pytestmark = pytest.mark.django_db(transaction=True)
START, END = "Dear Ms Lipova,\n\n", "\n\nBest regards"
BLAME = "It is the courier's fault, please contact the carrier directly."
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def complaint(agent, manager, now):
    account = AccountFactory(name="Lipa Bakery", owner=manager)
    intake = Intake(
        client_words="The till is dark.", impact=2, urgency=2,
        contact=ContactFactory(account=account),
    )  # fmt: skip
    return services.log_complaint(actor=agent, account=account, intake=intake, now=now)


def box_of(page):
    return page.get_by_label("Answer to the client")


def test_a_better_sentence_stands_for_the_marked_one_until_it_is_taken_back(
    visit, agent, complaint, complaints_of_browser
):
    page = visit(f"/complaints/{complaint.pk}/reply/", agent)
    box_of(page).fill(START + BLAME + END)
    expect(page.locator("mark.blame")).to_have_text(["courier's fault", "contact the carrier"])

    page.get_by_role("button", name="Put it in").click()

    better = box_of(page).input_value()
    assert better.startswith(f"{START}We chose our suppliers")
    assert better.endswith(END)
    assert page.evaluate("getSelection().toString()") == "…"
    expect(page.get_by_text("Fill in the dots")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(box_of(page)).to_have_value(START + BLAME + END)
    expect(page.locator("mark.blame")).to_have_count(2)
    assert complaints_of_browser == []


def test_a_stopped_letter_goes_out_with_a_reason(visit, agent, complaint):
    page = visit(f"/complaints/{complaint.pk}/reply/", agent)
    box_of(page).fill(BLAME)
    expect(page.locator("mark.blame")).to_have_count(2)
    assert not page.get_by_label("Send it all the same, because").is_visible()

    page.get_by_role("button", name="Send to the client").click()
    page.get_by_label("Send it all the same, because").fill("The client asked for the number.")
    page.get_by_role("button", name="Send to the client").click()

    expect(page.get_by_text("Sent to the client.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_the_check_says_is_accessible_and_fits_a_phone(
    visit, live_server, agent, head, complaint, violations, theme, now
):
    services.reply(
        actor=agent, complaint=complaint, body=BLAME, override_reason="He asked.", now=now
    )
    services.add_supplier(actor=agent, name="Speedy", aliases=["Спиди"], now=now)
    page = visit(f"/complaints/{complaint.pk}/reply/", head, theme=theme)
    page.set_viewport_size(PHONE)
    box_of(page).fill(f"{BLAME} These things happen.")
    expect(page.locator("mark.blame")).to_have_count(3)
    found = {"reply": violations()}
    for path in ("overrides/", "suppliers/", "suppliers/add/"):
        page.goto(f"{live_server.url}/complaints/{path}")
        width = page.evaluate("document.documentElement.scrollWidth")
        found[path] = [*violations(), *([width] if width > PHONE["width"] else [])]

    assert found == {"reply": [], "overrides/": [], "suppliers/": [], "suppliers/add/": []}
