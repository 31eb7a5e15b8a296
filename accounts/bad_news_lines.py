"""Bad news as pages show it, and how fast it flew of late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.flight import Flight, flight, median_and_p90
from accounts.models import BadNews
from accounts.models.bad_news import BadNewsQuerySet

LATELY: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNewsLine:
    """One piece of news without the name of whoever brought it."""

    news: BadNews
    flight: Flight
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class FlightFigure:
    """How long news took to one side; None while no news has come there. count -- of the news."""

    count: int
    median: timedelta | None
    p90: timedelta | None


def bad_news_line(news: BadNews, now: datetime) -> BadNewsLine:
    moments = (news.first_known_at, news.acknowledged_at, news.told_at)
    return BadNewsLine(news=news, flight=flight(*moments), is_overdue=news.is_overdue(now))


def open_steps(news: BadNews) -> list[str]:
    """Return the verbs, without the app, that the news still waits for."""
    is_open = {
        "acknowledge_bad_news": not news.is_acknowledged,
        "tell_client": news.told_at is None,
        "spare_client": news.told_at is None and not news.spared_because,
        "thank_messenger": news.thanked_at is None,
    }
    return [verb for verb, waits in is_open.items() if waits]


def lately(rows: BadNewsQuerySet, now: datetime) -> BadNewsQuerySet:
    """Return what was reported in the last 90 days."""
    return rows.filter(reported_at__gt=now - LATELY)


def flight_figures(rows: BadNewsQuerySet, now: datetime) -> tuple[FlightFigure, FlightFigure]:
    """Return the figures of the last 90 days, to the manager and to the client."""
    moments = lately(rows, now).values_list("first_known_at", "acknowledged_at", "told_at")
    flights = [flight(*each) for each in moments.order_by()]
    return (
        _figure([each.to_manager for each in flights if each.to_manager is not None]),
        _figure([each.to_client for each in flights if each.to_client is not None]),
    )


def _figure(times: Collection[timedelta]) -> FlightFigure:
    median, p90 = median_and_p90(times) or (None, None)
    return FlightFigure(len(times), median, p90)
