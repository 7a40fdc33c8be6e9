"""Phrases found by the first letters of what is typed, on every key. No I/O, no records."""

from __future__ import annotations

import re
from collections.abc import Iterable

FEWEST = 2  # letters
MOST_SHOWN = 3
_IN_HAND = re.compile(r"[^\s;.,:!?()]+$")
_WORDS = re.compile(r"\w+")


def in_hand(text: str) -> str:
    """The letters of the word that is being typed at the end of `text`; too few are none."""
    found = _IN_HAND.search(text)
    return found.group() if found and len(found.group()) >= FEWEST else ""


def matching(phrases: Iterable[str], text: str) -> list[str]:
    """Up to three phrases for the word in hand: first those that begin so.

    Then those whose words begin with these letters, one each; then those with a word that begins so.
    """
    typed = in_hand(text).casefold()
    if not typed:
        return []
    ranked = ((_rank(phrase.casefold(), typed), phrase) for phrase in dict.fromkeys(phrases))
    found = sorted((rank, number, phrase) for number, (rank, phrase) in enumerate(ranked) if rank)
    return [phrase for _, _, phrase in found[:MOST_SHOWN]]


def completed(text: str, phrase: str) -> str:
    """The text with the phrase in the place of the word in hand."""
    return text[: len(text) - len(in_hand(text))] + phrase


def _rank(phrase: str, typed: str) -> int:
    """1 is nearest, 0 no match; a phrase that is typed already is none."""
    words = _WORDS.findall(phrase)
    if phrase == typed:
        return 0
    if phrase.startswith(typed):
        return 1
    if "".join(word[0] for word in words).startswith(typed):
        return 2
    return 3 if any(word.startswith(typed) for word in words[1:]) else 0
