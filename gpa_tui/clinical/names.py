"""What a measure is called in a sentence."""

from __future__ import annotations

from gpa_tui.records.observation import Measure

NAMES = {
    Measure.RESPIRATION: "respiration rate",
    Measure.SPO2: "SpO2",
    Measure.OXYGEN: "air or oxygen",
    Measure.SYSTOLIC: "systolic BP",
    Measure.DIASTOLIC: "diastolic BP",
    Measure.PULSE: "pulse",
    Measure.CONSCIOUSNESS: "consciousness",
    Measure.TEMPERATURE: "temperature",
    Measure.WEIGHT: "weight",
    Measure.HEIGHT: "height",
    Measure.GLUCOSE: "capillary glucose",
    Measure.KETONES: "blood ketones",
    Measure.PEAK_FLOW: "peak flow",
    Measure.BEST_PEAK_FLOW: "own best peak flow",
    Measure.CAPILLARY_REFILL: "capillary refill",
    Measure.PAIN: "pain",
    Measure.URINE: "urine dipstick",
}
