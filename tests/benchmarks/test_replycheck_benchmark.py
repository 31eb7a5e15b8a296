"""The reply check against hostile text: four times the text takes four times as long."""

from itertools import cycle, islice
from time import process_time
from timeit import Timer

import pytest

from complaints.replycheck import check, downplaying, language_of

pytestmark = pytest.mark.benchmark

SIZE = 50_000
TIMES = 4
MOST = 6
"""Linear is 4; memory that no longer fits the cache, and sorting, take the rest. Quadratic is 16."""
NAMES = [f"Partner {number} Ltd" for number in range(300)]
SHAPES = {
    "one huge word": "x",
    "one huge Cyrillic word": "склад",
    "blanks": " ",
    "line ends": "\r\n",
    "signs": ".!?—",
    "our our our": "our ",
    "third parties": "supplier ",
    "third parties without a verb": "поставщик, склад и завод ",
    "because of": "из-за нашего ",
    "unfinished phrases": "as we have already ",
    "repeated groups": "никто больше больше больше кроме вас ",
    "never to blame": "not to blame the ",
    "our fault": "not our fault ",
    "names": "Partner 7 Ltd ",
    "quoted lines": "> not our fault\n",
    "combining marks": "\u0301\u0323",
    "letters with marks": "e\u0301\u0323\u0308\u0331",
    "apostrophes": "'’",
    "unseen signs": "\u00ad\u200b",
    "ligatures that grow": "ﷺ",
}


def text_of(shape, size):
    return "".join(islice(cycle(SHAPES[shape]), size))


def seconds(call):
    """Return the best of several rounds of our own CPU: what disturbs a round only adds to it."""
    return min(Timer(call, timer=process_time).repeat(repeat=3, number=1))


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_text_takes_four_times_as_long(shape):
    def cost(size):
        text = text_of(shape, size)
        return seconds(lambda: [check(text, each, partners=NAMES) for each in ("en", "ru")])

    ratio = cost(TIMES * SIZE) / cost(SIZE)

    print(f"{shape}: {ratio:.2f} × the time for {TIMES} × the text")  # noqa: T201 -- the figure is the point
    assert ratio <= MOST


@pytest.mark.parametrize("shape", SHAPES)
def test_finding_the_language_and_downplaying_words_is_linear_too(shape):
    def cost(size):
        text = text_of(shape, size)
        return seconds(lambda: (language_of(text, "en"), downplaying(text, "bg")))

    ratio = cost(TIMES * SIZE) / cost(SIZE)

    print(f"{shape}: {ratio:.2f} × the time for {TIMES} × the text")  # noqa: T201
    assert ratio <= MOST


def test_no_shape_is_much_dearer_than_plain_prose():
    """What a hostile sender can gain over an honest writer of as many letters is bounded."""
    prose = "Our technician comes tomorrow at nine and brings two units with him. " * 800

    def cost(text):
        return seconds(lambda: check(text, "en", partners=NAMES))

    plain = cost(prose[:SIZE])
    worst = {shape: cost(text_of(shape, SIZE)) / plain for shape in SHAPES}

    print({shape: round(ratio, 1) for shape, ratio in worst.items()}, f"{plain:.3f} s")  # noqa: T201
    assert max(worst.values()) <= 8
