import pytest
from django.template.loader import render_to_string

PAGES = ["400", "403", "403_csrf", "404", "409", "429", "500", "503"]


@pytest.mark.parametrize("name", PAGES)
def test_error_page_needs_nothing_of_ours(name):
    drawn = render_to_string(f"{name}.html", {"sentence": "Because of <this>."})

    assert "<h1>" in drawn
    assert 'href="/"' in drawn
    assert "<this>" not in drawn


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "429"])
def test_error_page_says_why(name):
    assert "Because." in render_to_string(f"{name}.html", {"sentence": "Because."})
