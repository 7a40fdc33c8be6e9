"""Counting breaths: a key a breath, for 60 seconds, or 30 and doubled. Draws nothing; time is handed in."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE, HALF = 60.0, 30.0  # seconds
SHORTEST = 0.3  # seconds from breath to breath (proposal: faster is a key that repeats)


@dataclass(slots=True)
class Breaths:
    """A count under way: since when, in seconds of a clock that only goes on, and how many breaths."""

    begun: float
    count: int = 0
    last: float = 0.0

    def breathe(self, now: float) -> None:
        """One more breath; a key that is held down is none."""
        if now - max(self.last, self.begun) >= SHORTEST:
            self.count += 1
            self.last = now

    def over(self, now: float) -> bool:
        """Whether the whole minute is over: what is pressed then is no longer counted."""
        return now - self.begun >= WHOLE

    def rate(self, now: float) -> tuple[int, str] | None:
        """Breaths a minute and how they were counted; None before half a minute."""
        if self.over(now):
            return self.count, "counted 60 s"
        if now - self.begun >= HALF:
            return self.count * 2, "counted 30 s, doubled"
        return None

    def shown(self, now: float) -> str:
        """`12 breaths in 34 s. …`, and what Enter would do."""
        seconds = min(int(now - self.begun), int(WHOLE))
        half = self.rate(now)
        what = f"Enter takes {half[0]} (doubled), or go on to 60 s" if half else "Space for each breath"
        return f"{self.count} breaths in {seconds} s. {what}. Backspace: not counted."
