"""Words that make a danger look smaller; a safety notice has none (EU GPSR, article 36)."""

from __future__ import annotations

from complaints.replycheck.lexicon import plain_phrases
from complaints.replycheck.normal import normalise
from complaints.replycheck.scoring import Hit, apart, found_in, hits_of

FILE = "downplaying"


def downplaying(text: str, language: str) -> tuple[Hit, ...]:
    """Return what makes a danger look smaller, in the order of the text.

    A safety notice that has any may not be approved. Raises KeyError for a language not spoken.
    """
    normal = normalise(text)
    found = found_in(normal.text, plain_phrases(FILE, language))
    return tuple(hits_of(text, normal, language, apart(found, bytearray(len(normal.text)))))
