import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reference import next_reference
from core.text import fold, sort_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ЖАЛОБА", "жалоба"),
        ("Кобза", "Kobza"),
        ("Ёлка", "елка"),
        ("Київ", "київ"),
        ("Café", "cafe"),
        ("  many   spaces ", "many spaces"),
    ],
)
def test_words_that_people_mean_the_same_fold_the_same(one, other):
    assert fold(one) == fold(other)


@given(st.text(max_size=60))
def test_normal_forms_make_no_difference_and_folding_twice_changes_nothing(text):
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert fold(composed) == fold(apart)
    assert fold(fold(text)) == fold(text)


def test_names_sort_without_case_and_yo():
    assert sorted(["яблоко", "Ель", "ёж", "Арка"], key=sort_key) == ["Арка", "ёж", "Ель", "яблоко"]


@pytest.mark.django_db
def test_reference_numbers_count_by_series():
    given = [next_reference("CMP", 2026), next_reference("CMP", 2026), next_reference("CMP", 2027)]

    assert given == ["CMP-2026-00001", "CMP-2026-00002", "CMP-2027-00001"]
    assert next_reference("ACC") == "ACC-00001"
