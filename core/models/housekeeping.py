"""Rows that keep the house itself in order."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ReferenceCounter(models.Model):
    """The last number given in a series such as CMP-2026."""

    series = models.CharField(max_length=12, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class IdempotencyKey(models.Model):
    """A POST that was answered; the same key within 24 hours gets the same answer.

    fingerprint -- sha256 of method, path and body.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """When a timer last ran; a banner tells people when it stops."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
