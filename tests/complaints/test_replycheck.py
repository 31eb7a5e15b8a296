"""The reply check: what it says of sentences, names, letters, and of what nobody would write."""

import json
import re
from pathlib import Path

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

import complaints
from complaints.replycheck import LANGUAGES, Verdict, check, downplaying, language_of
from complaints.replycheck.lexicon import lexicon, plain_phrases
from complaints.replycheck.normal import LONGEST_GAP, LONGEST_WORD, normalise

DATA = Path(__file__).with_name("data")
PRODUCT_DATA = Path(complaints.__file__).with_name("data")


def told(path):
    return json.loads(path.read_text(encoding="utf-8"))


SENTENCES = told(DATA / "blame_sentences.json")
LABELLED = SENTENCES["sentences"]
LETTERS = [
    pytest.param(text, language, id=f"{key}-{language}")
    for file in (DATA / "letters.json", PRODUCT_DATA / "texts.json")
    for key, texts in told(file).items()
    for language, text in texts.items()
]
EXAMPLES = [
    (language, each["id"], each["example"])
    for language, groups in told(PRODUCT_DATA / "blame_lexicon.json")["languages"].items()
    for each in groups["phrases"]
]
DOWNPLAYING = [
    (language, each["id"], each["example"])
    for language, phrases in told(PRODUCT_DATA / "downplaying.json")["languages"].items()
    for each in phrases
]
LOCALE = Path(complaints.__file__).parents[1] / "locale"
PLACE = re.compile(r"%\(\w+\)[sd]|<[^>]*>|\{\w+\}")
SHORT = 20
ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя'’-–—> \r\n\u0301\u00ad\u200b"),
        st.characters(),
    ),
    max_size=300,
)
SOME_TEXT = st.lists(
    st.one_of(ANY_TEXT, st.sampled_from([each["text"] for each in LABELLED])), max_size=4
).map(" ".join)


def figures(checked):
    return {
        "raw": checked.raw,
        "mitigation": checked.mitigation,
        "score": checked.score,
        "verdict": checked.verdict.value,
        "ownership_found": checked.ownership_found,
        "hits": sorted(hit.id for hit in checked.hits),
    }


@pytest.mark.parametrize("case", LABELLED, ids=lambda case: f"{case['lang']}: {case['text'][:40]}")
def test_a_labelled_sentence_scores_as_listed(case):
    wanted = {key: case[key] for key in ("raw", "mitigation", "score", "verdict")}
    wanted |= {"ownership_found": case["ownership_found"], "hits": sorted(case["hits"])}

    assert figures(check(case["text"], case["lang"])) == wanted


@pytest.mark.parametrize("case", SENTENCES["with_partner_names"], ids=lambda case: case["lang"])
def test_a_name_of_the_directory_counts_as_a_third_party(case):
    named = check(case["text"], case["lang"], partners=case["partners"])

    assert check(case["text"], case["lang"]).score == 0
    assert (named.raw, named.score, named.verdict.value) == (
        case["raw"], case["score"], case["verdict"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("It was NOVA  POSHTA's fault.", "en", "Nova Poshta"),
        ("Nova Poshta — again! — lost the box.", "en", "nova poshta"),
        ("Виноват Verizon’у порученный монтаж.", "ru", "Verizon"),
        ("Це провина «Укрпошти».", "uk", "Укрпошт"),
        ("Вината е на „Еконт+“.", "bg", "Еконт+"),
    ],
)
def test_a_name_is_found_in_any_case_with_its_endings(text, language, name):
    assert check(text, language).score == 0
    assert check(text, language, partners=[name]).score >= 3


@pytest.mark.parametrize("name", ["", " ", "x", "> x", "--", "(?:"])
def test_a_name_that_says_nothing_changes_nothing(name):
    text = "The x--ray is not ours (?: it came > x late."

    assert check(text, "en", partners=[name]).score == 0


def test_many_names_are_no_third_party_elsewhere():
    assert check("Our Speedyline rollers are fitted.", "en", partners=["Speedy"]).score == 0


@pytest.mark.parametrize(("text", "language"), LETTERS)
def test_our_own_letters_raise_no_alarm(text, language):
    checked = check(text, language)

    assert (checked.score, checked.hits) == (0, ())
    assert downplaying(text, language) == ()


@pytest.mark.parametrize(("language", "phrase", "example"), EXAMPLES)
def test_every_phrase_of_the_lexicon_is_found_in_its_example(language, phrase, example):
    """What is heavier may stand over it: then that is told, and the example is still blame."""
    assert check(example, language).raw > 0
    pattern = next(each.pattern for each in lexicon(language).blame if each.id == phrase)
    assert pattern.search(normalise(example).text)


def test_a_hit_says_what_was_typed_why_and_what_to_say_instead():
    text = "Добрый день!\r\nЭто  НАША вина?\r\nНет, по вине\u00a0поставщика.\r\n"

    (hit,) = check(text, "ru").hits

    assert hit.phrase == text[hit.start : hit.end] == "по вине\u00a0поставщика"
    assert (hit.category, hit.weight) == ("supplier", 4)
    assert hit.label == "Обвинение поставщика или третьих лиц"
    assert hit.suggestion.startswith("Поставщиков выбираем мы")
    assert hit.label_for("en-gb") == hit.label_for("de")
    assert hit.label_for("en") == "Blaming a supplier or other third party"


def test_what_the_client_wrote_and_what_stands_below_the_signature_is_not_ours():
    text = "We will fix it.\n> it is your own fault\n  > no big deal\nDone.\n-- \nNot our fault."

    assert check(text, "en").hits == ()
    assert check(text.replace("-- ", ""), "en").raw == 4


def test_a_phrase_counts_twice_at_most():
    checked = check("Not our fault. " * 5, "en")

    assert (checked.raw, len(checked.hits)) == (8, 2)


def test_ownership_takes_off_no_more_than_half():
    checked = check("We take full responsibility and apologise. It is not our fault.", "en")

    assert (checked.raw, checked.mitigation, checked.verdict) == (4, 2, Verdict.REVIEW)
    assert checked.ownership_found


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("We will not blame the courier.", True),
        ("We are not to blame.", False),
        ("Regardless of whose fault it is, we will replace it.", True),
    ],
)
def test_what_only_seems_to_blame_is_let_pass(text, clean):
    assert (check(text, "en").verdict is Verdict.CLEAN) is clean


def test_a_language_without_a_lexicon_is_refused():
    with pytest.raises(KeyError):
        check("Nicht unsere Schuld.", "de")


@pytest.mark.parametrize(
    "text",
    [
        "not our fa\u00adult",
        "not\u00a0our\u200b fault",
        "ＮＯＴ our fault",
        "not o\u200dur fault",
        "Not\r\nour\tfault",
    ],
)
def test_pasted_signs_that_nobody_sees_hide_nothing(text):
    (hit,) = check(text, "en").hits

    assert text[hit.start : hit.end] == text


def test_composed_and_decomposed_letters_are_the_same():
    decomposed = "Вы сами подписали договор, ничего серье\u0308зного, таи\u0306на"

    assert normalise(decomposed).text == "вы сами подписали договор, ничего серьезного, тайна"


@given(SOME_TEXT, st.sampled_from(LANGUAGES))
def test_hits_lie_in_the_text_apart_and_in_order(text, language):
    checked = check(text, language, partners=["Nova Poshta", "Укрпошта"])

    assert checked.score >= 0
    at = 0
    for hit in checked.hits:
        assert at <= hit.start < hit.end <= len(text)
        assert hit.phrase == text[hit.start : hit.end]
        at = hit.end


@given(SOME_TEXT)
def test_normal_text_keeps_the_way_back_and_its_bounds(text):
    normal = normalise(text)

    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert list(normal.starts) == sorted(normal.starts)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True)
    )
    assert "  " not in normal.text
    assert all(len(word) <= LONGEST_WORD for word in re.findall(r"\w+", normal.text))
    assert all(len(gap) <= LONGEST_GAP for gap in re.findall(r"\W+", normal.text))


@given(SOME_TEXT, st.sampled_from(LANGUAGES))
def test_any_text_is_in_one_of_our_languages(text, default):
    assert language_of(text, default) in LANGUAGES


@pytest.mark.parametrize("case", LABELLED, ids=lambda case: f"{case['lang']}: {case['text'][:40]}")
def test_the_language_of_a_labelled_sentence_is_found(case):
    for default in LANGUAGES:
        assert language_of(case["text"], default) == case["lang"]


@pytest.mark.parametrize(("text", "language"), LETTERS)
def test_the_language_of_our_letters_is_found(text, language):
    assert language_of(text, language) == language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.03. – 14:00",
        "Вы нам позвонили, thank you for the call, мы this is not что будет when it is",
    ],
)
def test_what_is_short_or_mixed_takes_the_language_of_the_account(text, language):
    assert language_of(text, language) == language


@pytest.mark.parametrize(
    ("text", "default", "language"),
    [
        ("Готово.", "uk", "uk"),
        ("Готово.", "bg", "bg"),
        ("Sorry!", "bg", "en"),
        ("Це провина", "en", "uk"),
        ("Это вина", "en", "ru"),
    ],
)
def test_no_text_is_in_a_language_of_another_alphabet(text, default, language):
    assert language_of(text, default) == language


def test_the_language_is_that_of_our_own_lines():
    text = (
        "Замінимо блоки завтра, перепрошуємо.\n" + "> Where is our delivery? We are waiting.\n" * 5
    )

    assert language_of(text, "en") == "uk"


@pytest.mark.parametrize(("language", "phrase", "example"), DOWNPLAYING)
def test_words_that_make_a_danger_smaller_are_found(language, phrase, example):
    (hit,) = downplaying(f"«{example}»", language)

    assert (hit.id, hit.category) == (phrase, "downplaying")
    assert hit.phrase in example
    assert hit.label
    assert hit.suggestion


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Caution: stop using the heater and unplug it. It may catch fire. Take precautions.",
            "en",
        ),
        ("Осторожно! Прекратите пользоваться. Соблюдайте меры предосторожности.", "ru"),
        ("Обережно! Припиніть користуватися, запобіжник може зайнятися.", "uk"),
        ("Внимание! Спрете да го използвате, предпазителят може да се запали.", "bg"),
    ],
)
def test_a_plain_warning_makes_nothing_smaller(text, language):
    assert downplaying(text, language) == ()


def test_no_pattern_can_look_further_than_the_text_bounds_it():
    """A part that repeats without end is one class of signs, for its runs are bounded."""
    everything = [
        each
        for language in LANGUAGES
        for each in (
            *lexicon(language).blame, *lexicon(language).ownership, *lexicon(language).allow,
            *plain_phrases("downplaying", language),
        )
    ]  # fmt: skip
    endless = [
        (each.id, found[0])
        for each in everything
        for found in re.finditer(r"(\\[wW]|.)[*+]", each.pattern.pattern)
        if found[1] not in {r"\w", r"\W", "P"} and not found[0].startswith("\\")
    ]

    assert len(everything) > 181
    assert endless == []


@pytest.mark.parametrize("language", ["ru", "uk", "bg"])
def test_the_language_of_our_own_pages_is_found(language):
    """At most one in a hundred sentences of our pages is mistaken for another language."""
    catalogue = polib.pofile(LOCALE / language / "LC_MESSAGES" / "django.po")
    sentences = [PLACE.sub("", entry.msgstr) for entry in catalogue if len(entry.msgstr) > SHORT]
    mistaken = [each for each in sentences if language_of(each, language) != language]

    assert len(sentences) > 500
    assert len(mistaken) <= len(sentences) / 100
