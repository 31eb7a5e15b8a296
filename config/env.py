"""Typed readers of environment variables; a wrong or missing value stops the start with its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

FLAGS = {"1": True, "true": True, "yes": True, "on": True}
FLAGS |= {"0": False, "false": False, "no": False, "off": False, "": False}
IMAP_PORTS: Final = {"imaps": 993, "imap": 143}
THIS_MACHINE: Final = {"localhost", "127.0.0.1", "::1"}
MONEY: Final = re.compile(r"(\d{1,12}(?:\.\d{1,2})?) ([A-Z]{3})", re.ASCII)


@dataclass(frozen=True)
class Env:
    """Reads one mapping; every failure names the variable and says what would be right."""

    source: Mapping[str, str]

    def text(self, name: str, default: str | None = None) -> str:
        value = self.source.get(name, "").strip() or default
        if value is None:
            raise ImproperlyConfigured(f"{name} is not set. Set it in the environment.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        raw = self.source.get(name)
        if raw is None:
            return default
        if raw.strip().lower() not in FLAGS:
            raise ImproperlyConfigured(f"{name}={raw!r} is neither true nor false. Use 1 or 0.")
        return FLAGS[raw.strip().lower()]

    def number(self, name: str, *, default: int, least: int = 0) -> int:
        raw = self.text(name, str(default))
        if not raw.isdigit() or int(raw) < least:
            raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number of {least} or more.")
        return int(raw)

    def money(self, name: str, default: str) -> tuple[Decimal, str]:
        """Return (amount, currency) from "50.00 EUR"."""
        raw = self.text(name, default)
        found = MONEY.fullmatch(raw)
        if found is None:
            raise ImproperlyConfigured(f"{name}={raw!r} is not money. Write it like 50.00 EUR.")
        return Decimal(found[1]), found[2]

    def words(self, name: str, default: str = "") -> list[str]:
        """Return the comma-separated words, without empty ones."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def choice(self, name: str, *allowed: str) -> str:
        """Return one of the allowed words; the first is the default."""
        value = self.text(name, allowed[0])
        if value not in allowed:
            raise ImproperlyConfigured(f"{name}={value!r} is not one of {', '.join(allowed)}.")
        return value

    def database(self, name: str, default: str | None = None) -> dict[str, Any]:
        """Return a DATABASES entry from postgresql://user:password@host:port/name?host=/socket."""
        parts = urlsplit(self.text(name, default))
        if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} must look like postgresql://user:password@host:5432/name; "
                f"PostgreSQL is the only database."
            )
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.get("host") or parts.hostname or "",
            "PORT": str(parts.port or ""),
        }

    def mailboxes(self, name: str) -> list[dict[str, Any]]:
        """Return the mailboxes of imaps://user:password@host:993/INBOX, separated by spaces.

        Without TLS only this machine is reached, for a password would cross the network.
        """
        found = [_mailbox(name, each) for each in self.text(name, "").split()]
        twice = {
            each["name"] for each in found if [one["name"] for one in found].count(each["name"]) > 1
        }
        if twice:
            raise ImproperlyConfigured(f"{name} names {', '.join(sorted(twice))} twice.")
        return found

    def redis(self, name: str, default: str | None = None) -> tuple[str, str]:
        """Return (broker URL for Celery, cache URL for Django); the cache is the next database."""
        parts = urlsplit(self.text(name, default))
        if parts.scheme == "unix":
            database = int(parse_qs(parts.query).get("db", ["0"])[-1])
            return (
                f"redis+socket://{parts.path}?virtual_host={database}",
                f"unix://{parts.path}?db={database + 1}",
            )
        number = parts.path.strip("/") or "0"
        if parts.scheme not in {"redis", "rediss"} or not number.isdigit():
            raise ImproperlyConfigured(
                f"{name} must look like redis://host:6379/0 or unix:///path/to.sock?db=0."
            )
        broker, cache = (parts._replace(path=f"/{int(number) + step}") for step in (0, 1))
        return urlunsplit(broker), urlunsplit(cache)


def _mailbox(name: str, written: str) -> dict[str, Any]:
    parts, port = urlsplit(written), _port(name, written)
    if parts.scheme not in IMAP_PORTS or not (parts.hostname and parts.username and parts.password):
        raise ImproperlyConfigured(
            f"{name} must look like imaps://user:password@host:993/INBOX, several separated by "
            f"spaces; write signs such as @ or / in user and password as %40, %2F."
        )
    if parts.scheme == "imap" and parts.hostname not in THIS_MACHINE:
        raise ImproperlyConfigured(
            f"{name}: imap:// would send the password of {parts.hostname} unprotected. Use imaps://."
        )
    user, folder = unquote(parts.username), unquote(parts.path.strip("/")) or "INBOX"
    return {
        "name": f"{user}@{parts.hostname}/{folder}",
        "host": parts.hostname,
        "port": port or IMAP_PORTS[parts.scheme],
        "user": user,
        "password": unquote(parts.password),
        "folder": folder,
        "tls": parts.scheme == "imaps",
    }


def _port(name: str, written: str) -> int | None:
    try:
        return urlsplit(written).port
    except ValueError:
        raise ImproperlyConfigured(
            f"{name}: the port of a mailbox is a number up to 65535, such as 993."
        ) from None
