import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext
from PIL import Image

from core.paper import (
    Bar,
    Bars,
    Facts,
    Figure,
    Figures,
    Heading,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Point,
    Points,
    Signatory,
    Signatures,
    Table,
    Trend,
    render,
)
from core.paper import style as styles
from core.paper.layout import laid_out
from core.paper.text import printable, typeset
from tests.factories import NOON

ROOT = Path(__file__).parents[2]
LANGUAGES = ["en", "ru", "uk", "bg"]
HOSTILE = '<b>&"</b> <img src="http://evil.example/x.png"/> &lt; </para> ]]> {{ 7 }} %(x)s \\'


def paper(*blocks, **facts):
    given = {"title": "Offer", "author": "Orvell", "language": "en", "at": NOON}
    return Paper(blocks=blocks, **given | facts)


def poppler(program, pdf, *options, to=("-",)):
    return subprocess.run([program, *options, "-", *to], input=pdf, capture_output=True, check=True)


def pages_of(pdf, *options):
    """Return the text of each page, spaces of any width being one space."""
    text = poppler("pdftotext", pdf, *options).stdout.decode()
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def body_of(*blocks, **facts):
    """Return the text of all pages between title and foot."""
    made = paper(*blocks, **facts)
    pages = pages_of(render(made), "-raw")
    heads = [f"{made.author} {made.title}", *[f"{made.title} {made.author}"] * len(pages)]
    foot = re.compile(r" \d+ [^ ]+ \d{4} \S+ \d+ \S+ \d+$")
    bodies = [
        foot.sub("", page).removeprefix(head).strip()
        for page, head in zip(pages, heads, strict=False)
    ]
    return " ".join(bodies).strip()


def places_of(pdf):
    """Return (page, left, right, top) of where each word stands first, by the word."""
    found = {}
    shape = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>'
    pages = poppler("pdftotext", pdf, "-bbox").stdout.decode().split("<page ")[1:]
    for number, page in enumerate(pages, 1):
        for left, top, right, word in re.findall(shape, page):
            found.setdefault(word, (number, float(left), float(right), float(top)))
    return found


def facts_of(pdf):
    lines = poppler("pdfinfo", pdf, "-isodates", to=()).stdout.decode().splitlines()
    return {name: value.strip() for name, _colon, value in (line.partition(":") for line in lines)}


def count_of(colour, pdf):
    """Return how many points of the first page have the colour."""
    picture = poppler("pdftoppm", pdf, "-r", "72", "-singlefile", "-aa", "no", to=()).stdout
    wanted = tuple(round(255 * part) for part in colour.rgb())
    counted = Image.open(io.BytesIO(picture)).getcolors(maxcolors=2**24)
    return {each: times for times, each in counted}.get(wanted, 0)


def place_text(number, total, language):
    with translation.override(language):
        return gettext("Page %(number)s of %(total)s") % {"number": number, "total": total}


LETTERS = [
    (
        "en",
        ("Credit for February", "Contract SLA-2026-00014", "Dear Ms Petrova, we are sorry."),
        "2 March 2026",
    ),
    (
        "ru",
        ("Компенсация за февраль", "Договор SLA-2026-00014", "Объём: съёмка, ещё, № 5."),
        "2 марта 2026",
    ),
    (
        "uk",
        ("Компенсація за лютий", "Договір SLA-2026-00014", "Ґанок, їжа, єдність, об’єкт."),
        "2 березня 2026",
    ),
    (
        "bg",
        ("Компенсация за февруари", "Договор SLA-2026-00014", "Щъркел, ѝ, гьол, „да“."),
        "2 март 2026",
    ),
]


@pytest.mark.parametrize(("language", "words", "day"), LETTERS, ids=LANGUAGES)
def test_a_paper_is_read_in_its_language(language, words, day):
    title, subtitle, text = words

    pdf = render(paper(Paragraph(text), title=title, subtitle=subtitle, language=language))

    page = f"Orvell {title} {subtitle} {text} {day} {place_text(1, 1, language)}"
    assert pages_of(pdf, "-raw") == [page]


def test_the_day_is_that_of_the_current_time_zone():
    late = paper(at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))

    with timezone.override("Europe/Sofia"):
        assert pages_of(render(late), "-raw") == ["Orvell Offer 2 March 2026 Page 1 of 1"]


def test_every_page_tells_its_number_and_later_ones_the_title():
    made = paper(Paragraph("one"), PageBreak(), Paragraph("two"), PageBreak(), Paragraph("three"))

    assert pages_of(render(made), "-raw") == [
        "Orvell Offer one 2 March 2026 Page 1 of 3",
        "Offer Orvell two 2 March 2026 Page 2 of 3",
        "Offer Orvell three 2 March 2026 Page 3 of 3",
    ]


def test_a_title_too_long_for_the_head_of_a_page_is_cut():
    title = "A very long title " * 20

    second = pages_of(render(paper(PageBreak(), Paragraph("end"), title=title)), "-raw")[1]

    assert re.fullmatch(r"(A very long title )+\S*( \S+)*… Orvell end .*", second)


@pytest.mark.parametrize(
    "block",
    [
        Heading(HOSTILE),
        Heading(HOSTILE, level=2),
        Paragraph(HOSTILE),
        Paragraph(HOSTILE, is_quiet=True),
        Points([HOSTILE]),
        Facts([(HOSTILE, "")]),
        Facts([("", HOSTILE)]),
        Table([HOSTILE], []),
        Table(["heading"], [[HOSTILE]]),
        Table(["heading"], [[HOSTILE]], numbers=[0], strong=[0]),
        Bars([Bar(HOSTILE, 1, "")]),
        Bars([Bar("", 1, HOSTILE, target=1)]),
        Trend([Point(HOSTILE, 1, "")], ""),
        Trend([Point("", 1, HOSTILE)], ""),
        Trend([], HOSTILE),
        Note(HOSTILE, ""),
        Note("", HOSTILE),
        Signatures(Signatory(HOSTILE), Signatory("")),
        Signatures(Signatory(""), Signatory("", name=HOSTILE, position="")),
    ],
    ids=lambda block: type(block).__name__,
)
def test_text_of_users_is_printed_as_it_stands(block):
    body = body_of(block)

    assert HOSTILE.replace(" ", "") in body.replace(" ", "")


def test_text_of_users_is_printed_as_it_stands_around_the_page():
    pdf = render(paper(title=HOSTILE, subtitle=HOSTILE, author=HOSTILE))

    first = f"{HOSTILE} {HOSTILE} {HOSTILE} 2 March 2026 Page 1 of 1"
    assert pages_of(pdf, "-raw") == [first]
    assert (facts_of(pdf)["Title"], facts_of(pdf)["Author"]) == (HOSTILE, HOSTILE)


def test_text_of_users_makes_no_links_and_no_pictures():
    pdf = render(paper(Paragraph(f"{HOSTILE} http://evil.example"), Points([HOSTILE])))

    assert poppler("pdfimages", pdf, "-list", to=()).stdout.count(b"\n") == 2
    assert b"/URI" not in pdf
    assert b"/Annots" not in pdf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\0b\x07\x1b[31m", "ab[31m"),
        ("\u202eevil\u2066\u200b\ufeff", "evil"),
        ("half \ud800 pair", "half  pair"),
        ("tab\there", "tab here"),
        ("one\r\ntwo\u2028three\x0bfour", "one\ntwo\nthree\nfour"),
        ("й", "й"),
        ("10\u202f000", "10\u00a0000"),
        (None, "None"),
    ],
)
def test_signs_without_a_face_are_left_out(text, expected):
    assert printable(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4 800 000.00 EUR", "4~800~000.00~EUR"),
        ("95 % in 2 hr 10 min", "95~% in 2~hr 10~min"),
        ("2 working hours", "2 working hours"),
        ("№ 5, и в срок", "№~5, и~в~срок"),
        ("9 - 18", "9~– 18"),
        ("слово — дело", "слово~— дело"),
        ("CMP-2026-00001, 2026-03-02", "CMP-2026-00001, 2026-03-02"),
        ("- first\n- second", "- first\n- second"),
    ],
)
def test_numbers_keep_their_units_and_dashes_are_dashes(text, expected):
    assert typeset(text).replace("\u00a0", "~") == expected


def test_a_line_break_stays_one():
    places = places_of(render(paper(Paragraph("alpha\nbeta\n\ngamma"))))

    tops = [places[word][3] for word in ("alpha", "beta", "gamma")]
    assert [round(low - high, 1) for high, low in pairwise(tops)] == [14.5, 29.0]


def test_a_long_table_repeats_its_headings_and_loses_no_row():
    rows = [[f"row{number}", f"{number}.00"] for number in range(90)]

    pages = pages_of(render(paper(Table(["Metric", "Credit"], rows, numbers=[1]))), "-raw")

    assert len(pages) >= 3
    assert [page.count("Metric Credit") for page in pages] == [1] * len(pages)
    assert re.findall(r"row(\d+)", " ".join(pages)) == [str(number) for number in range(90)]


def test_numbers_are_aligned_to_the_right():
    rows = [["short", "1.00"], ["a longer text", "1,000,000.00"], ["total", "20.00"]]

    places = places_of(render(paper(Table(["what", "amount"], rows, numbers=[1], strong=[-1]))))

    ends = {round(places[word][2]) for word in ("amount", "1.00", "1,000,000.00", "20.00")}
    assert ends == {round(styles.PAGE[0] - styles.MARGIN)}


def test_numbers_stay_in_one_piece_beside_long_texts():
    rows = [["words " * 60, "1 000 000,00 €", "words " * 60]]

    places = places_of(render(paper(Table(["one", "sum", "two"], rows, numbers=[1]))))

    assert len({places[part][3] for part in ("1", "000", "000,00", "€")}) == 1


@pytest.mark.parametrize("rows", range(36, 46))
def test_a_total_never_stands_alone_on_a_page(rows):
    lines = [[f"row{number}"] for number in range(rows)]

    places = places_of(render(paper(Table(["Metric"], [*lines, ["total"]], strong=[-1]))))

    assert places["total"][0] == places[f"row{rows - 1}"][0]


@pytest.mark.parametrize("lines", range(30, 46))
@pytest.mark.parametrize(
    "block",
    [
        Paragraph("first\nsecond\nthird"),
        Table(["first"], [["row"]] * 60),
        Bars([Bar("first", 1, "text")] * 3),
        Trend([Point("first", 1, "1")], "words"),
        Note("first", "text"),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_heading_stands_on_the_page_of_what_it_heads(block, lines):
    filler = Paragraph("\n".join(["filler"] * lines))

    made = paper(filler, Heading("Part"), Heading("Section", level=2), block)

    places = places_of(render(made))
    assert places["Part"][0] == places["Section"][0] == places["first"][0]


def test_a_heading_above_a_long_table_leaves_no_empty_page():
    pages = pages_of(render(paper(Heading("Part"), Table(["Metric"], [["row"]] * 50))), "-raw")

    assert [page.count("row") > 20 for page in pages] == [True, True]


@pytest.mark.parametrize(
    "block",
    [
        Facts([("Story", "word " * 3000), ("End", "last")]),
        Table(["one", "two"], [["x", "word " * 3000], ["End", "last"]]),
        Note("Story", "word " * 3000 + "End last"),
        Figures([Figure("word " * 300, "End last")]),
        Signatures(Signatory("word " * 3000), Signatory("End last")),
    ],
    ids=lambda block: type(block).__name__,
)
def test_a_cell_longer_than_a_page_is_printed_to_its_end(block):
    body = body_of(block)

    assert body.count("word") in {300, 3000}
    assert ("End" in body, "last" in body) == (True, True)


def test_a_word_wider_than_its_column_is_broken_and_not_cut():
    word = "".join(chr(ord("a") + index % 26) for index in range(400))

    body = body_of(Table(["one", "two", "three"], [[word, "4.00", "end"]], numbers=[1]))

    assert body.replace(" ", "").count("a") == word.count("a")
    assert "4.00" in body


def test_many_columns_fit_the_page():
    headings = [f"Column{number}" for number in range(12)]

    places = places_of(render(paper(Table(headings, [["1 234,00"] * 12], numbers=range(12)))))

    assert max(right for _page, _left, right, _top in places.values()) <= styles.PAGE[0]


def test_only_numbers_share_the_page():
    places = places_of(render(paper(Table(["one", "two"], [["11", "22"]], numbers=[0, 1]))))

    assert round(places["22"][2]) == round(styles.PAGE[0] - styles.MARGIN)


def test_a_bar_says_whether_its_target_is_reached():
    bars = [
        Bar("Answer", Decimal("0.9167"), "44 of 48", target=Decimal("0.95")),
        Bar("Repair", 0.995, "199 of 200", target=0.995),
        Bar("Update", 0.5, "1 of 2"),
    ]

    assert body_of(Bars(bars)) == (
        "Answer 44 of 48 target 95%, missed Repair 199 of 200 target 99.5%, reached Update 1 of 2"
    )


@pytest.mark.parametrize(("share", "part"), [(0.5, 0.5), (1, 1), (1.7, 1), (0, 0), (-1, 0)])
def test_a_bar_is_as_long_as_its_share(share, part):
    bare = count_of(styles.ACCENT, render(paper(Bars([Bar("label", 0, "text")]))))
    whole = count_of(styles.ACCENT, render(paper(Bars([Bar("label", 1, "text")])))) - bare

    drawn = count_of(styles.ACCENT, render(paper(Bars([Bar("label", share, "text")])))) - bare

    assert drawn / whole == pytest.approx(part, abs=0.01)


def test_a_missed_bar_has_the_colour_of_danger():
    missed, reached = (
        render(paper(Bars([Bar("label", 0.5, "text", target=target)]))) for target in (0.9, 0.4)
    )

    assert count_of(styles.DANGER, missed) > 500
    assert count_of(styles.DANGER, reached) == 0


def test_a_trend_says_its_months_values_and_words():
    points = [Point("Jan", 3, "three"), Point("Feb", None, ""), Point("Mar", Decimal(9), "nine")]

    body = body_of(Trend(points, "It rose."))

    assert sorted(body.split()) == sorted(
        ["Jan", "Feb", "Mar", "three", "–", "nine", "It", "rose."]
    )


def test_columns_are_as_high_as_their_values():
    def drawn(value):
        points = [Point("a", value, ""), Point("b", 8, "")]
        return count_of(styles.ACCENT_PALE, render(paper(Trend(points, "words"))))

    assert drawn(4) / drawn(8) == pytest.approx(0.5, abs=0.02)
    assert drawn(0) == drawn(None) == 0


def test_a_line_breaks_where_a_month_has_no_value():
    def drawn(*values):
        points = [Point("m", value, "") for value in values]
        pdf = render(paper(Trend(points, "words", shape="line")))
        return count_of(styles.ACCENT, pdf)

    whole, broken, flat = drawn(1, 2, 3, 4), drawn(1, None, 3, 4), drawn(0, 0, 0, 0)

    assert whole > broken > drawn(1, None, 3, None)
    assert flat > broken


def test_labels_too_wide_for_their_months_leave_some_out_but_not_the_last():
    points = [Point(f"September{number}", number, "") for number in range(30)]

    body = body_of(Trend(points, "words"))

    shown = re.findall(r"September(\d+)", body)
    assert "29" in shown
    assert len(shown) < 30


def test_signatures_have_lines_for_both_sides():
    sides = Signatory("Orvell EOOD", "Marta Ilieva", "Head"), Signatory("Borea AD")

    body = body_of(Signatures(*sides))

    assert body == (
        "Orvell EOOD Borea AD Signature Signature Marta Ilieva, Head "
        "Name and position Name and position Date Date"
    )


def test_figures_points_and_notes_are_read_in_their_order():
    blocks = [
        Figures([Figure("3", "late"), Figure("30 min", "to answer")]),
        Points(["first", "second"]),
        Note("Please", "call us", tone="warning"),
    ]

    assert body_of(*blocks) == "3 30 min late to answer • first • second Please call us"


def test_what_is_empty_prints_nothing():
    blocks = [Points([]), Facts([]), Figures([]), Bars([]), Table(["Metric"], [], strong=[-1])]

    assert body_of(*blocks) == "Metric"


def test_what_is_no_block_is_refused():
    with pytest.raises(TypeError, match="'text' is no block of a paper"):
        laid_out("text")


def test_headings_are_bookmarks():
    pdf = render(paper(Heading("Part & one"), Heading("Section", level=2), Heading("Part two")))

    outline = poppler("pdftohtml", pdf, "-xml", "-stdout", to=("x",)).stdout.decode()
    assert re.findall(r"<item [^>]*>(.*?)</item>", outline) == ["Part &amp; one", "Part two"]


def test_the_file_says_what_it_is():
    made = paper(title="Предложение", subtitle="до 30 апреля", author="Орвел", language="bg")

    pdf = render(made)

    facts = facts_of(pdf)
    named = ["Title", "Subject", "Author", "Creator", "CreationDate", "Page size"]
    assert [facts[name] for name in named] == [
        "Предложение",
        "до 30 апреля",
        "Орвел",
        "Kamerton",
        "2026-03-02T10:00:00Z",
        "595.276 x 841.89 pts (A4)",
    ]
    assert b"/Lang (bg)" in pdf


def test_the_file_carries_its_letters():
    pdf = render(paper(Paragraph("слово"), Heading("Жирное")))

    lines = poppler("pdffonts", pdf, to=()).stdout.decode().splitlines()[2:]
    faces = {re.sub(r"^[A-Z]{6}\+", "", line.split()[0]): line.split()[-5] for line in lines}
    assert faces == {"DejaVuSansCondensed": "yes", "DejaVuSansCondensed-Bold": "yes"}


def test_the_same_paper_always_gives_the_same_file():
    made = paper(Heading("Part"), Table(["Metric"], [["слово"]] * 99))

    assert render(made) == render(made)
    assert render(made) != render(replace(made, at=NOON + timedelta(seconds=1)))


def test_papers_printed_at_once_do_not_mix_their_letters():
    # Composed letters are what the threads would read from each other's place in the font.
    papers = [
        paper(Paragraph("".join(map(chr, range(start, start + 160))))) for start in (0xC0, 0x400)
    ]
    alone = [render(each) for each in papers]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(render, papers * 20))

    sys.setswitchinterval(interval)
    assert together == alone * 20


def test_inks_and_grounds_are_those_of_the_screen():
    theme = (ROOT / "static" / "kamerton" / "theme.css").read_text()
    tones = [colour for pair in styles.TONES.values() for colour in pair]

    for colour in [styles.INK, styles.INK_SOFT, styles.ACCENT, styles.DANGER, *tones]:
        assert f"light-dark(#{colour.hexval()[2:]}," in theme
