"""The main navigation and the buttons above it: apps add theirs in `ready()`, each person sees his own."""

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


def add_quick_action(place: Place) -> None:
    """Offer the page by a button on top of every page; it takes `?account=` if it can use one."""
    _quick.append(place)


def navigation(user: User, path: str) -> list[Item]:
    """Return the places of this person; the one with the longest matching path is active."""
    shown = _shown(_places, user)
    addresses = [reverse(each.url_name) for each in shown]
    here = max((url for url in addresses if path.startswith(url)), key=len, default="")
    return [_item(each, here) for each in shown]


def quick_actions(user: User) -> list[Item]:
    """Return the buttons of this person, in order."""
    return [_item(each) for each in _shown(_quick, user)]


def first_page(user: User) -> str:
    """Return where the person starts: the highest place of his navigation."""
    shown = _shown(_places, user)
    return shown[0].url_name if shown else "core:profile"


def _shown(places: list[Place], user: User) -> list[Place]:
    return sorted((each for each in places if each.shown_to(user)), key=lambda each: each.order)


def _item(place: Place, here: str = "") -> Item:
    url = reverse(place.url_name)
    return Item(place.label, url, place.icon, place.hotkey, is_active=url == here)
