"""Time-ordered identifiers (RFC 9562, UUID version 7)."""

import secrets
import time
import uuid

_RANDOM_BITS = 74
_VERSION_AND_VARIANT = (0x7 << 76) | (0x2 << 62)


def uuid7() -> uuid.UUID:
    """Return an id that sorts by the millisecond in which it was made."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(_RANDOM_BITS)
    spread = (random >> 62) << 64 | random & (1 << 62) - 1
    return uuid.UUID(int=milliseconds << 80 | _VERSION_AND_VARIANT | spread)
