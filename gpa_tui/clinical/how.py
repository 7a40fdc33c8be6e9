"""How a reading was taken: the words for it, and of which reading each is said. No word says what it means.

Arm, position, cuff and by hand: NICE NG136 (1.1). Rhythm as felt: NICE NG196 (1.1); what a cuff or an
oximeter shows of it is no feeling of the pulse. Site of a temperature, device of oxygen: fields of the
openEHR archetypes body_temperature and pulse_oximetry.
"""

from __future__ import annotations

from gpa_tui.records.observation import Aspect, Measure

OF: dict[Aspect, Measure] = {
    Aspect.DEVICE: Measure.OXYGEN,
    Aspect.ARM: Measure.SYSTOLIC,
    Aspect.POSITION: Measure.SYSTOLIC,
    Aspect.CUFF: Measure.SYSTOLIC,
    Aspect.METHOD: Measure.SYSTOLIC,
    Aspect.MONITOR: Measure.SYSTOLIC,
    Aspect.RHYTHM: Measure.PULSE,
    Aspect.SITE: Measure.TEMPERATURE,
    Aspect.COUNTED: Measure.RESPIRATION,
}
WORDS: dict[str, tuple[Aspect, str]] = {
    "nasal": (Aspect.DEVICE, "nasal cannula"),
    "mask": (Aspect.DEVICE, "face mask"),
    "venturi": (Aspect.DEVICE, "Venturi mask"),
    "reservoir": (Aspect.DEVICE, "reservoir mask"),
    "left": (Aspect.ARM, "left arm"),
    "right": (Aspect.ARM, "right arm"),
    "sit": (Aspect.POSITION, "sitting"),
    "stand": (Aspect.POSITION, "standing"),
    "lie": (Aspect.POSITION, "lying"),
    "small": (Aspect.CUFF, "small cuff"),
    "large": (Aspect.CUFF, "large cuff"),
    "manual": (Aspect.METHOD, "by hand"),
    "auto": (Aspect.METHOD, "automatic"),
    "reg": (Aspect.RHYTHM, "regular"),
    "irreg": (Aspect.RHYTHM, "irregular"),
    "ear": (Aspect.SITE, "ear"),
    "oral": (Aspect.SITE, "oral"),
    "axilla": (Aspect.SITE, "axilla"),
    "forehead": (Aspect.SITE, "forehead"),
}
"""What is typed, and what is kept and shown; a BP device is `dev1`, `dev2` … of those the practice names."""
LEFT, RIGHT, STANDING, BY_HAND, IRREGULAR = (
    WORDS[word][1] for word in ("left", "right", "stand", "manual", "irreg")
)
BY_HAND_NOW = "Irregular pulse: take the BP by hand, over the artery (NICE NG136 1.1.2)"
