"""How long something that did not go through waits: each time longer, with chance in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from tenacity import RetryCallState
from tenacity.wait import wait_exponential_jitter

LONGEST = 120.0  # seconds between two tries of our own
MOST_TRIES = 8  # of one thing, while others go, before it is parked
HOWEVER_OFTEN = "Not taken, however often it was sent."
LONGEST_ASKED = 3600.0  # that a server may ask for
_BACKOFF = wait_exponential_jitter(initial=1, max=LONGEST, jitter=3)


def seconds_after(failures: int) -> float:
    """How long after so many in a row."""
    state = RetryCallState(None, None, (), {})  # type: ignore[arg-type]
    state.attempt_number = failures
    return min(LONGEST, _BACKOFF(state))


class Held:
    """What did not go through, one by one: how often, and until when it waits. The rest waits for none."""

    def __init__(self) -> None:
        self._items: dict[str, tuple[int, datetime]] = {}

    def again(self, key: str, now: datetime) -> int:
        """It did not go through now; how often that was."""
        tries = self._items.get(key, (0, now))[0] + 1
        self._items[key] = (tries, now + timedelta(seconds=seconds_after(tries)))
        return tries

    def tries(self, key: str) -> int:
        return self._items.get(key, (0, None))[0]

    def is_due(self, key: str, now: datetime) -> bool:
        return key not in self._items or self._items[key][1] <= now

    def any_due(self, now: datetime) -> bool:
        return any(until <= now for _, until in self._items.values())

    def let_go(self, key: str) -> None:
        """It went through, or will not be tried by itself any more."""
        self._items.pop(key, None)

    def clear(self) -> None:
        self._items.clear()
