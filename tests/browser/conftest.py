"""A real Chromium against the real pages. Where no Chromium is found these tests are skipped."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings

from config.stack.binaries import CHROMIUM_ADVICE, find_chromium

CHROMIUM = find_chromium()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=f"no Chromium: {CHROMIUM_ADVICE}"))


@pytest.fixture(scope="session", autouse=True)
def orm_beside_playwright():
    """Playwright keeps an event loop in this thread; the test's own queries are fine there."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def base_url():
    """Take the place of the plugin's own fixture, which warns under pytest 9."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": str(CHROMIUM), "args": FLAGS}


@pytest.fixture
def complaints_of_browser(page):
    """Return the list into which errors of the console and of scripts go."""
    said = []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def visit(page, live_server, sign_in):
    """Return a function that opens a path, as a person if one is given, with more cookies."""

    def open_page(path, user=None, **cookies):
        if user is not None:
            # A new session each time, for moved time ends an idle one.
            name = django_settings.SESSION_COOKIE_NAME
            cookies[name] = sign_in(user).cookies[name].value
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": live_server.url}
                for name, value in cookies.items()
            ]
        )
        page.goto(live_server.url + path)
        return page

    return open_page


@pytest.fixture
def violations(page):
    """Return a function that lists what axe finds wrong with the page that is open."""

    def found():
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
        return [
            f"{each['id']}: {node['html'][:160]}"
            for each in result.response["violations"]
            for node in each["nodes"]
        ]

    return found
