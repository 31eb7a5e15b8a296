"""What was promised, in plain words."""

from sla.words.promises import DEEDS, MEANINGS, by_when, sentence
from sla.words.steps import step_text
from sla.words.terms import (
    band_text,
    caps_text,
    exclusion_text,
    misses_text,
    number_text,
    percent_text,
    service_text,
)
from sla.words.times import (
    any_of,
    day_text,
    days_text,
    every,
    every_months,
    exact,
    in_days,
    length,
    listed,
    wall_time,
    within,
)

__all__ = [
    "DEEDS",
    "MEANINGS",
    "any_of",
    "band_text",
    "by_when",
    "caps_text",
    "day_text",
    "days_text",
    "every",
    "every_months",
    "exact",
    "exclusion_text",
    "in_days",
    "length",
    "listed",
    "misses_text",
    "number_text",
    "percent_text",
    "sentence",
    "service_text",
    "step_text",
    "wall_time",
    "within",
]
