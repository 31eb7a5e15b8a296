"""Templates hold no script and no style, and every htmx request has a plain HTML way too."""

import re

import pytest

from tests.architecture.sources import ROOT, label

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TEMPLATE_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
TAG = re.compile(r"<[^<>]*\bhx-(?:get|post)=[^<>]*>")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son[a-z]+=[\"']|javascript:|\sstyle=|<style",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", TEMPLATES, ids=label)
def test_template_has_nothing_inline(path):
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=label)
def test_htmx_elements_work_without_javascript(path):
    html = TEMPLATE_CODE.sub("", path.read_text(encoding="utf-8"))
    for tag in TAG.findall(html):
        assert re.search(r"\b(href|action|formaction)=", tag), tag
