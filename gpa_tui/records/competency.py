"""What a practice signs people off for: its own list, as data."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from gpa_tui.records.base import Record


class Domain(StrEnum):
    """The five domains of the GPA framework (cptraininghub.nhs.uk, GPA 2021 scheme)."""

    CARE = "Care"
    CLINICAL = "Clinical"
    RECORDS = "Managing health records"
    COMMUNICATION = "Communication"
    ADMINISTRATION = "Administration"


class Gate(StrEnum):
    """What the workstation can ask a sign-off for. Escalating and telling are never among them."""

    PREP = "prep"
    OBSERVATIONS = "observations"
    ECG = "ecg"
    PLAN = "plan"


class Counted(StrEnum):
    """What the log tells of beside the gates: in which visits it was done."""

    CHAPERONE = "chaperone"  # accepted, and whoever wrote it down is named
    INTERPRETER = "interpreter"
    URINE = "urine"
    GLUCOSE = "glucose"  # or ketones
    PEAK_FLOW = "peak flow"


class Competency(Record, extra="forbid"):
    """One thing to be signed off for. Without `gates` it is kept for the record alone.

    `counts` is what portfolios count for it, with what its gates are of.
    """

    id: str = Field(min_length=1, max_length=40)
    domain: Domain
    title: str = Field(min_length=1, max_length=80)
    gates: tuple[Gate, ...] = ()
    counts: tuple[Counted, ...] = ()

    @property
    def counted(self) -> frozenset[str]:
        return frozenset(one.value for one in (*self.gates, *self.counts))


class CompetencyList(Record, extra="forbid"):
    """A practice's whole list."""

    version: int = Field(ge=1)
    owner: str
    source: str = ""
    competency: tuple[Competency, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """Of the whole list: whether it is the same."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @model_validator(mode="after")
    def _ids_once(self) -> Self:
        ids = [one.id for one in self.competency]
        twice = next((id_ for id_ in ids if ids.count(id_) > 1), None)
        if twice is not None:
            raise ValueError(f"the id {twice!r} stands twice")
        return self
