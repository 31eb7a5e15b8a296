"""Every visible string is there in four languages, with the plural forms the language has."""

import re

import polib
import pytest
from django.conf import settings

from tests.architecture.sources import ROOT

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
PLURALS = {"ru": 4, "uk": 4, "bg": 2}
FIELD = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%[sd]")


def catalogue(language):
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_is_complete(language):
    entries = catalogue(language)

    assert [each.msgid for each in entries.untranslated_entries()] == []
    assert [each.msgid for each in entries.fuzzy_entries()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_the_language(language):
    entries = catalogue(language)
    forms = int(re.search(r"nplurals=(\d)", entries.metadata["Plural-Forms"])[1])

    assert forms == PLURALS[language]
    for entry in entries:
        if entry.msgid_plural:
            assert len(entry.msgstr_plural) == forms, entry.msgid
            assert all(entry.msgstr_plural.values()), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_fields(language):
    for entry in catalogue(language):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                wanted = set(FIELD.findall(entry.msgid)) | set(FIELD.findall(entry.msgid_plural))
                assert set(FIELD.findall(text)) <= wanted, entry.msgid


def test_catalogues_hold_the_same_messages():
    known = {(each.msgctxt, each.msgid) for each in catalogue("ru") if not each.obsolete}
    others = [
        {(each.msgctxt, each.msgid) for each in catalogue(code) if not each.obsolete}
        for code in LANGUAGES
    ]
    assert all(known == other for other in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_messages_are_those_of_the_catalogue(language):
    compiled = polib.mofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.mo"))

    told = {(each.msgctxt, each.msgid): (each.msgstr, each.msgstr_plural) for each in compiled}
    written = {
        (each.msgctxt, each.msgid): (each.msgstr, each.msgstr_plural)
        for each in catalogue(language)
    }
    assert told == written
