import re

import pytest
from playwright.sync_api import expect

from tests.factories import NotificationFactory

PAGES = ["/profile/", "/notifications/", "/auth/security/", "/auth/sessions/", "/nothing-here"]
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible_in_both_themes(
    visit, manager, violations, complaints_of_browser, path, theme
):
    page = visit(path, manager, theme=theme)

    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    assert violations() == []
    assert [line for line in complaints_of_browser if "404" not in line] == []


@pytest.mark.parametrize("path", ["/auth/login/", "/auth/password/reset/", "/auth/signup/"])
def test_entrance_is_accessible(visit, db, violations, complaints_of_browser, path):
    visit(path)

    assert violations() == []
    assert complaints_of_browser == []


def test_phone_needs_no_sideways_scrolling(visit, manager):
    page = visit("/profile/", manager)
    page.set_viewport_size(PHONE)

    width = page.evaluate("document.documentElement.scrollWidth")

    assert width <= PHONE["width"]
    page.get_by_role("button", name="Navigation").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_keys_work_but_never_while_typing(visit, manager):
    page = visit("/profile/edit/", manager)

    page.get_by_label("Name", exact=True).press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_theme_is_switched_at_once_and_kept(visit, manager):
    page = visit("/profile/", manager)

    page.get_by_role("button", name=manager.name).click()
    page.locator("#person").get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_language_is_switched_where_one_is(visit, manager):
    page = visit("/notifications/", manager)

    page.get_by_role("button", name=manager.name).click()
    page.locator("#person").get_by_role("button", name="Українська").click()

    expect(page.locator("html")).to_have_attribute("lang", "uk")
    assert page.url.endswith("/notifications/")


def test_bell_counts_without_a_reload(page, visit, manager):
    page.clock.install()
    visit("/profile/", manager)
    expect(page.locator("#bell-count")).to_be_empty()

    NotificationFactory(recipient=manager)
    page.clock.run_for(16_000)

    expect(page.locator("#bell-count")).to_contain_text("1")


def test_lost_connection_is_told_and_loses_nothing(visit, manager):
    page = visit("/profile/edit/", manager)
    page.get_by_label("Name", exact=True).fill("Somebody Else")

    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Somebody Else")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()


def test_passkey_is_added_and_lets_one_in(visit, page, manager):
    manager.set_password("a-long-password")
    manager.save()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    proof = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | proof})

    visit("/auth/security/webauthn/add/", manager)
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page).to_have_url(re.compile("/recovery-codes/"))
    page.context.clear_cookies()
    visit("/auth/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("button", name=manager.name)).to_be_visible()
