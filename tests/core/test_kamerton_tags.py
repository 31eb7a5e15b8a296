from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from tests.factories import NOON


def draw(source, **values):
    return Template(source).render(Context({"now": NOON, **values}))


def test_icon_is_decorative_unless_it_is_named():
    assert 'aria-hidden="true"' in draw('{% icon "bell" %}')
    assert 'role="img" aria-label="A &lt;bell&gt;"' in draw(
        '{% icon "bell" label=name %}', name="A <bell>"
    )


def test_badge_says_its_word_beside_colour_and_icon():
    drawn = draw('{% badge "complaints.priority" "P1" word %}', word="Urgent <b>")

    assert drawn.startswith('<span class="state state-danger"><svg')
    assert drawn.endswith("Urgent &lt;b&gt;</span>")
    assert "#flame" in drawn


def test_moment_is_relative_and_tells_the_absolute_time_on_hover():
    drawn = draw("{% moment at %}", at=NOON + timedelta(hours=3))

    assert drawn == (
        f'<time datetime="{(NOON + timedelta(hours=3)).isoformat()}" '
        'title="Monday, 2 March 2026, 15:00" data-moment>in 3 hours</time>'
    )


@pytest.mark.parametrize(
    ("show", "days", "expected"),
    [
        ("absolute", 0, "2 Mar, 12:00"),
        ("absolute", -90, "2 Dec 2025, 12:00"),
        ("date", 0, "2 March 2026"),
    ],
)
def test_moment_shows_what_it_is_asked_for(show, days, expected):
    drawn = draw("{% moment at show=show %}", at=NOON + timedelta(days=days), show=show)

    assert f">{expected}</time>" in drawn
    assert "data-moment" not in drawn


@pytest.mark.parametrize(
    "source", ["{% moment nothing %}", "{% duration nothing %}", '{% money nothing "EUR" %}']
)
def test_nothing_is_an_en_dash(source):
    assert draw(source, nothing=None) == '<span class="text-secondary">–</span>'


def test_money_and_duration_are_told_in_words():
    assert "€4,800.00" in draw('{% money amount "EUR" %}', amount=Decimal("4800.00"))
    assert draw("{% duration span %}", span=timedelta(minutes=70)) == "1 hr 10 min"


def test_avatar_keeps_its_ink_and_is_decorative_unless_named():
    assert draw('{% avatar "Vera Holm" %}') == draw('{% avatar "Vera Holm" %}')
    assert 'aria-label="Vera Holm"' in draw('{% avatar "Vera Holm" size="lg" named=True %}')


def test_browser_is_named_shortly_and_wholly_on_hover():
    assert draw("{% browser agent %}", agent="curl/8 <x>") == (
        '<span title="curl/8 &lt;x&gt;">curl/8 &lt;x&gt;</span>'
    )


def test_deadline_draws_the_share_and_lets_the_browser_move_it():
    drawn = draw(
        '{% deadline "running" due=due fraction=share label="First response" href="/why" %}',
        due=NOON + timedelta(hours=1),
        share=Decimal("0.5"),
    )

    assert 'width="50.0%"' in drawn
    assert f'data-due="{int(NOON.timestamp()) + 3600}"' in drawn
    assert 'href="/why"' in drawn
    assert "due in 1 hr" in drawn


@pytest.mark.parametrize(
    ("start", "width"),
    [(NOON - timedelta(hours=3), "75.0%"), (NOON + timedelta(minutes=5), "0.0%"), (None, "0.0%")],
)
def test_deadline_without_a_share_counts_wall_time(start, width):
    due = NOON + timedelta(hours=1)

    assert f'width="{width}"' in draw(
        '{% deadline "running" due=due start=start %}', due=due, start=start
    )


def test_sort_heading_turns_the_order_and_keeps_the_filters():
    request = RequestFactory().get("/", {"q": "till", "sort": "due", "after": "x"})
    page = RequestContext(request, {"request": request})

    drawn = Template('{% sort_heading "due" "Due" %}{% sort_heading "no" "No." %}').render(page)

    assert 'aria-sort="ascending"' in drawn
    assert 'href="?q=till&amp;sort=-due"' in drawn
    assert 'href="?q=till&amp;sort=no"' in drawn
    assert drawn.count("aria-sort") == 1


def test_block_component_sees_only_its_own_parts():
    drawn = draw("{% card %}<p>{{ title }}</p>{% endcard %}", title="Of the <page>")

    assert "<h2" not in drawn
    assert "<p>Of the &lt;page&gt;</p>" in drawn


def test_confirm_carries_the_token_of_its_page():
    drawn = draw(
        '{% confirm id="x" title="Sure?" submit="Yes" action="/do" %}{% endconfirm %}',
        csrf_token="abc",
    )

    assert 'name="csrfmiddlewaretoken" value="abc"' in drawn


@pytest.mark.parametrize(
    "source",
    [
        '{% page_header title="T" subtitle="S" eyebrow="E" back_url="/" back_label="B" %}A{% endpage_header %}',
        '{% empty title="T" text="X" %}A{% endempty %}',
        '{% callout tone="danger" title="T" %}A{% endcallout %}',
        '{% filter_bar target="#rows" reset_url="/" %}A{% endfilter_bar %}',
        '{% form_actions submit="T" cancel_url="/" %}A{% endform_actions %}',
        '{% timeline_entry at=now title="T" actor="V" %}A{% endtimeline_entry %}',
        '{% menu label="T" %}A{% endmenu %}',
        '{% menu label="T" icon="dots" %}A{% endmenu %}',
        '{% stat "T" "A" href="/" hint="H" icon="inbox" %}',
        '{% include "components/_pages.html" with older_url="/A" newer_url="/T" target="#rows" %}',
        '{% include "components/_live.html" with url="/AT" target="#rows" %}',
    ],
)
def test_component_draws_what_it_is_given(source):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    drawn = Template(source).render(RequestContext(request, {"now": NOON}))

    assert "A" in drawn
    assert "T" in drawn
