"""Webhooks: programs elsewhere hear of what happened, signed, at least once, from an outbox."""

from core.webhooks.events import EventType, event_types, limit_programs, publish

__all__ = ["EventType", "event_types", "limit_programs", "publish"]
