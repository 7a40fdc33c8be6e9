"""Rounding as people do it on paper: half away from zero, from exact decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def whole(value: float | Decimal) -> int:
    """To a whole number: 430.5 is 431."""
    return int(Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def tenths(value: Decimal) -> Decimal:
    """To one decimal: 24.95 is 25.0."""
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
