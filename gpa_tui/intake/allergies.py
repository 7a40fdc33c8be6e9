"""What a list says of allergies, summed up; not asked, none known and recorded are three different things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gpa_tui.records.patient import Allergy, AllergyState

# Said of drugs alone, it is no word on latex or food: it stands in its own words, beside "none known".
NO_DRUG_ALLERGY = Allergy(substance="no known drug allergy")
UNREADABLE = Allergy(substance="an entry that could not be read: see the practice's record")

_NONE = re.compile(r"(no|none|nil)( known)?( allerg(y|ies))?|nka", re.IGNORECASE)
_NONE_OF_DRUGS = re.compile(r"no( known)? drug allerg(y|ies)|nkda", re.IGNORECASE)
_NOT_ASKED = {"not asked", "not known", "unknown"}
_WITH_REACTION = re.compile(r"(?P<substance>[^()]+?)\s*\((?P<reaction>[^()]*)\)")


def summed_up(
    named: Sequence[Allergy], *, none_known: bool, no_drug_allergy: bool = False
) -> tuple[AllergyState, tuple[Allergy, ...]]:
    """The state and the entries to show; an allergy that is named outweighs any word of none."""
    if named:
        return AllergyState.RECORDED, tuple(dict.fromkeys(named))
    if none_known:
        return AllergyState.NONE_KNOWN, ()
    if no_drug_allergy:
        return AllergyState.NONE_KNOWN, (NO_DRUG_ALLERGY,)
    return AllergyState.NOT_ASKED, ()


def in_words(entries: Sequence[str]) -> tuple[AllergyState, tuple[Allergy, ...]]:
    """As a list writes them: `penicillin (rash)` and `latex`, or `none known`, or nothing at all."""
    named, none_known, no_drug_allergy = [], False, False
    for entry in entries:
        if _NONE.fullmatch(entry):
            none_known = True
        elif _NONE_OF_DRUGS.fullmatch(entry):
            no_drug_allergy = True
        elif entry.casefold() not in _NOT_ASKED:
            named.append(_allergy(entry))
    return summed_up(named, none_known=none_known, no_drug_allergy=no_drug_allergy)


def _allergy(entry: str) -> Allergy:
    match = _WITH_REACTION.fullmatch(entry)
    if match:
        return Allergy(substance=match["substance"], reaction=match["reaction"].strip())
    return Allergy(substance=entry)
