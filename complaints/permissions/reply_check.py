"""Who may send a letter that the reply check stops, and who reads what was sent so."""

from accounts.permissions import is_head, is_support, owns

may_override = owns | is_support | is_head
reads_overrides = is_head
