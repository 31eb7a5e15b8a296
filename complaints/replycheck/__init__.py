"""Check of texts to clients for blame-shifting. Pure: knows neither the database nor the web."""

from complaints.replycheck.downplaying import downplaying
from complaints.replycheck.languages import language_of
from complaints.replycheck.lexicon import LANGUAGES
from complaints.replycheck.scoring import Hit, ReplyCheck, Verdict, check

__all__ = ["LANGUAGES", "Hit", "ReplyCheck", "Verdict", "check", "downplaying", "language_of"]
