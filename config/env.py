"""Typed readers of environment variables; a wrong or missing value stops the start with its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

FLAGS = {"1": True, "true": True, "yes": True, "on": True}
FLAGS |= {"0": False, "false": False, "no": False, "off": False, "": False}


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
