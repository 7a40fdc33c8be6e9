"""About how old a reader must be: the Automated Readability Index (Smith & Senter, AMRL-TR-66-220, 1967).

    grade = 4.71 × characters/words + 0.5 × words/sentences - 21.43

It counts letters, words and sentences, which can be done exactly; formulas of syllables need a dictionary.
A US grade is read as the age at its end: grade + 5 years, as its table has it.
"""

from __future__ import annotations

import math
import re

from gpa_tui.clinical.plain_english import sentences

FEWEST = 15  # words; of fewer a formula says nothing (proposal)
NHS_AGES = (9, 11)  # years: whom the NHS writes for (digital service manual, health literacy)
_WORD = re.compile(r"[\w'’.,:/%-]*\w[\w'’%-]*")
_LETTER = re.compile(r"\w")


def reading_age(text: str) -> int | None:
    """In whole years, 6 at least; None where there are too few words."""
    words = _WORD.findall(text)
    if len(words) < FEWEST:
        return None
    letters = sum(len(_LETTER.findall(word)) for word in words)
    grade = 4.71 * letters / len(words) + 0.5 * len(words) / max(1, len(sentences(text))) - 21.43
    return 5 + max(1, math.ceil(grade))
