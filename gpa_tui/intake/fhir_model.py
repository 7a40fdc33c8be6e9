"""One resource of a file checked by the `fhir.resources` R4B models (R4 and R4B are the same for these).

Only the fields that are used here go into a model: a clinic does not lose a row because of a photo or an
address that is not as it should be. Of the fields used,
  - one that the row cannot do without, and is not as it should be, sets the row aside;
  - any other is passed over, and counted;
  - elements that R4 does not know are passed over.
A modifier extension can turn the meaning of a resource round (R4, 2.4.0.1), and none is known here, so a
resource with one is set aside.

The library takes a quarter of a second to load and is imported in functions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from gpa_tui.intake.fhir_file import Raw
from gpa_tui.intake.fields import BadField, short
from gpa_tui.intake.listing import Listing

if TYPE_CHECKING:
    from fhir.resources.R4B.fhirresourcemodel import FHIRResourceModel

    Model = TypeVar("Model", bound=FHIRResourceModel)

# resource: the fields that it cannot do without, and the others that are used
_USED: dict[str, tuple[set[str], set[str]]] = {
    "Appointment": (
        {"status", "start", "participant"},
        {
            "extension", "end", "minutesDuration", "slot", "reasonCode", "reasonReference", "description",
            "comment", "appointmentType", "serviceType",
        },
    ),
    "Patient": (
        {"identifier", "name", "birthDate"},
        {"extension", "gender", "communication", "deceasedBoolean", "deceasedDateTime"},
    ),
    "Practitioner": (set(), {"name"}),
    "PractitionerRole": (set(), {"practitioner", "code"}),
    "Slot": ({"status", "schedule", "start", "end"}, {"extension", "serviceType", "appointmentType"}),
    "Schedule": ({"actor"}, set()),
    "AllergyIntolerance": ({"clinicalStatus", "verificationStatus", "code", "patient"}, {"reaction"}),
    "Flag": ({"status", "code", "subject"}, {"category", "period"}),
    "MedicationStatement": (
        {"status", "medicationCodeableConcept", "medicationReference", "subject"},
        {"dosage"},
    ),
    "MedicationRequest": (
        {"status", "intent", "medicationCodeableConcept", "medicationReference", "subject"},
        {"dosageInstruction"},
    ),
    "Medication": ({"code"}, set()),
}  # fmt: skip

_MOST_MENDED = 50  # parts passed over in one resource

_FIELD_WORDS = {
    "start": "start time",
    "birthDate": "birth date",
    "identifier": "NHS number",
    "participant": "participants",
    "medicationCodeableConcept": "medicine",
    "medicationReference": "medicine",
}
_SHAPES = {
    "start": "is not a date and time with a time zone, such as 2026-11-22T08:40:00Z",
    "end": "is not a date and time with a time zone, such as 2026-11-22T08:40:00Z",
    "birthDate": "is not a date such as 1954-04-12",
}


def checked(model: type[Model], raw: Raw, listing: Listing) -> Model:
    """The resource as a `model` of `fhir.resources.R4B`. Raises `BadField` when it cannot be used."""
    from pydantic import ValidationError

    kind = str(raw.get("resourceType"))
    if raw.get("modifierExtension") or raw.get("implicitRules"):
        raise BadField("modifier extension", "changes the meaning in a way that is not known here")
    needed, used = _USED[kind]
    kept: Raw = {"resourceType": kind}
    for field in needed | used:
        for name in (field, f"_{field}"):
            if name in raw:
                kept[name] = _copy(raw[name])
    for field in _SHAPES:  # a number is no date, though the models take it for seconds since 1970
        if field in kept and not isinstance(kept[field], str | None):
            _mend(kept, (field,), "not text", "", needed)
    for _ in range(_MOST_MENDED):
        try:
            return model.model_validate(kept)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            _mend(kept, first["loc"], first["type"], first["msg"], needed)
        except (LookupError, TypeError, AttributeError, RecursionError) as error:
            raise BadField("resource", "is not valid FHIR R4") from error
        listing.counts["Parts that are not valid FHIR R4, passed over"] += 1
    raise BadField("resource", "is not valid FHIR R4 in too many places")


def _copy(value: object) -> object:
    if isinstance(value, dict):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value


def _mend(kept: Raw, place: tuple[int | str, ...], error: str, message: str, needed: set[str]) -> None:
    """Take out of `kept` what is wrong at `place`. Raises `BadField` when it cannot be done without."""
    if error == "extra_forbidden" and _drop(kept, place):
        return
    name = str(place[0]) if place else ""
    field = name.removeprefix("_")
    if field in needed or name not in kept:
        words = short(message.removeprefix("Value error, "), 120)
        reason = _SHAPES.get(field, f"is not valid FHIR R4: {words}")
        if error.endswith("missing") and len(place) == 1:
            reason = "is missing"
        raise BadField(_FIELD_WORDS.get(field, field or "resource"), reason)
    if not (len(place) > 1 and isinstance(place[1], int) and _drop(kept, place[:2])):
        kept.pop(name)


def _drop(kept: Any, place: tuple[int | str, ...]) -> bool:
    """Take the value at `place` out of nested objects and lists; False when it is not there."""
    try:
        for step in place[:-1]:
            kept = kept[step]
        kept.pop(place[-1])
    except (LookupError, TypeError, AttributeError):
        return False
    return True
