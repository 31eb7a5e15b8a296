"""Time-ordered identifiers (RFC 9562, UUID version 7)."""

import secrets
import threading
import time
import uuid

_RANDOM_BITS = 74
_STEP_BITS = 32
_VERSION_AND_VARIANT = (0x7 << 76) | (0x2 << 62)
_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """Return an id that sorts after all that this process made before, and by the millisecond.

    Within a millisecond, or when the host's clock steps back, it counts on by a random step
    (method 2 of section 6.2).
    """
    milliseconds = time.time_ns() // 1_000_000
    with _lock:
        global _last  # noqa: PLW0603 -- the counter of the process
        fresh = milliseconds << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        if fresh >> _RANDOM_BITS <= _last >> _RANDOM_BITS:
            fresh = _last + 1 + secrets.randbits(_STEP_BITS)
        _last = fresh
    time_part, random = fresh >> _RANDOM_BITS, fresh & (1 << _RANDOM_BITS) - 1
    spread = (random >> 62) << 64 | random & (1 << 62) - 1
    return uuid.UUID(int=time_part << 80 | _VERSION_AND_VARIANT | spread)
