"""The main navigation: apps add their places in `ready()`, each person sees his own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from core.errors import Sentence
from core.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One line of the navigation.

    order    -- smaller stands higher; desk 10, complaints 20, accounts 30, sla 40, core 90.
    shown_to -- who sees it; no query, for it is asked on every page.
    hotkey   -- such as "g c", or "" for none.
    """

    order: int
    label: Sentence
    url_name: str
    icon: str
    shown_to: Callable[[User], bool]
    hotkey: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A place as the template draws it."""

    label: Sentence
    url: str
    icon: str
    hotkey: str
    is_active: bool
    badge: str = ""


_places: list[Place] = []
_quick: list[Place] = []


def add_place(place: Place) -> None:
    """Show the place in the navigation. Call it from AppConfig.ready."""
    _places.append(place)


def offer_logging(place: Place) -> None:
    """Say which page the "Log complaint" button opens, and for whom."""
    _quick.append(place)


def navigation(user: User, path: str) -> list[Item]:
    """Return the places of this person; the one with the longest matching path is active."""
    shown = sorted((each for each in _places if each.shown_to(user)), key=lambda each: each.order)
    addresses = {each.url_name: reverse(each.url_name) for each in shown}
    here = max((url for url in addresses.values() if path.startswith(url)), key=len, default="")
    return [
        Item(each.label, url, each.icon, each.hotkey, is_active=url == here)
        for each in shown
        for url in [addresses[each.url_name]]
    ]


def log_url(user: User) -> str:
    """Return the address of the logging page, or "" for those who may not log."""
    return next((reverse(each.url_name) for each in _quick if each.shown_to(user)), "")


def first_page(user: User) -> str:
    """Return where the person starts: the highest place of his navigation."""
    shown = sorted((each for each in _places if each.shown_to(user)), key=lambda each: each.order)
    return shown[0].url_name if shown else "core:profile"
