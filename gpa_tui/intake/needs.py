"""Communication, access and care needs: from a code or from words to what the day list shows.

Codes: SNOMED CT, from NHS England's Reasonable Adjustments flag value set (draft, 14 February 2024). One
of its codes, 1082661000000100 (speech therapist), has no valid check digit and is left out; such a flag
shows in its own words. Languages: ISO 639, and the NHS's own q1 to q5 (UK Core, Human Language).
A mark is at most four letters. A need that is not in the tables keeps its words and has no mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gpa_tui.intake.fields import short, tidy
from gpa_tui.records.patient import Need

# For each code the words and the mark.
_BY_CODE: dict[str, tuple[str, str]] = {
    "315594003": ("interpreter", "INT"),
    "204331000000107": ("BSL interpreter", "BSL"),
    "415803005": ("uses BSL", "BSL"),
    "520471000000105": ("prefers BSL", "BSL"),
    "404903008": ("uses sign language", "SIGN"),
    "204341000000103": ("Makaton interpreter", "MAK"),
    "415805003": ("uses Makaton", "MAK"),
    "936641000000108": ("information in Makaton", "MAK"),
    "936761000000104": ("Sign Supported English interpreter", "SSE"),
    "945731000000104": ("hands-on signing interpreter", "SIGN"),
    "945711000000107": ("visual frame signing interpreter", "SIGN"),
    "945911000000109": ("lipspeaker", "LIPS"),
    "441092009": ("lip reads", "LIPS"),
    "945891000000106": ("manual note taker", "NOTE"),
    "966401000000100": ("speech-to-text reporter", "STT"),
    "957051000000100": ("deafblind manual alphabet interpreter", "DB"),
    "957071000000109": ("deafblind block alphabet interpreter", "DB"),
    "957111000000103": ("deafblind haptic interpreter", "DB"),
    "796201000000109": ("deafblind communicator guide", "DB"),
    "719563003": ("sighted guide", "SG"),
    "862731000000105": ("guide dog", "DOG"),
    "105506000": ("guide dog", "DOG"),
    "198061000000105": ("hearing loop", "LOOP"),
    "285055002": ("hearing aid", "HA"),
    "225835008": ("advocate", "ADV"),
    "719369003": ("communication device", "AAC"),
    "716524009": ("communication aid", "AAC"),
    "1082671000000100": ("aphasia-friendly communication", "APH"),
    "737350008": ("help with communication", "COMM"),
    "936741000000100": ("contact by email", ""),
    "936721000000107": ("contact by letter", ""),
    "936701000000103": ("contact by text message", ""),
    "795661000000104": ("contact by telephone", ""),
    "796081000000106": ("contact by text relay", ""),
    "719561001": ("contact via carer", "CARE"),
    "1325421000000100": ("discuss care with carer", "CARE"),
    "1108151000000106": ("carer present", "CARE"),
    "945971000000104": ("call by touch", "TACT"),
    "945951000000108": ("call by sight", "VIS"),
    "945931000000101": ("call aloud", "CALL"),
    "367741000000102": ("information spoken", "SAY"),
    "985021000000106": ("have it read out", "READ"),
    "796161000000101": ("Easy Read", "EASY"),
    "936581000000101": ("information by email", ""),
    "936681000000100": ("braille grade 1", "BRL"),
    "936661000000109": ("braille grade 2", "BRL"),
    "936621000000101": ("Moon alphabet", "MOON"),
    "936601000000105": ("information as audio", "AUD"),
    "957331000000109": ("large print", "LP"),
    "957351000000102": ("large print (24 point)", "LP"),
    "957371000000106": ("large print (28 point)", "LP"),
    "311540003": ("difficulty taking in information", "SLOW"),
    "311543001": ("needs more time to take in information", "SLOW"),
    "1108121000000101": ("has a healthcare passport", "PASS"),
    "1108141000000108": ("shows pain in other ways", "PAIN"),
    "1108171000000102": ("longer appointment", "LONG"),
    "1108161000000109": ("priority appointment", "PRIO"),
    "1325351000000103": ("first appointment", "1ST"),
    "1325361000000100": ("last appointment", "LAST"),
    "1325841000000109": ("short wait", "WAIT"),
    "1325371000000107": ("home visits", "HOME"),
    "1325381000000109": ("low light", "DIM"),
    "1325391000000106": ("low noise", "HUSH"),
    "1108191000000103": ("wheelchair", "WC"),
    "231501003": ("needle phobia", "NPH"),
    "1325321000000108": ("anxious in clinics", "ANX"),
    "314434008": ("prefers a female professional", "FEM"),
    "314435009": ("prefers a male professional", "MALE"),
    "1108111000000107": ("reasonable adjustment", "RA"),
    "816361000000101": ("welfare attorney (LPA)", "LPA"),
}

# "… language interpreter needed": code: language, as ISO 639 has it
_INTERPRETER_CODES = {
    "203281000000104": "ak", "203291000000102": "sq", "203301000000103": "am", "203311000000101": "ar",
    "203321000000107": "bn", "203371000000106": "it", "203381000000108": "yue", "203391000000105": "hr",
    "203401000000108": "cs", "203411000000105": "nl", "203421000000104": "fa", "203441000000106": "fr",
    "203531000000101": "ig", "203581000000102": "de", "203591000000100": "el", "203601000000106": "gu",
    "203631000000100": "ha", "203651000000107": "hi", "203681000000101": "ja", "203691000000104": "ko",
    "203701000000104": "ku", "203711000000102": "ln", "203721000000108": "lt", "203811000000107": "ml",
    "203821000000101": "cmn", "203841000000108": "ps", "203901000000102": "pl", "203911000000100": "pt",
    "203961000000103": "pa", "203971000000105": "ru", "203981000000107": "sr", "203991000000109": "sn",
    "204011000000102": "si", "204021000000108": "so", "204031000000105": "es", "204041000000101": "sw",
    "204081000000109": "syl", "204111000000101": "tl", "204131000000109": "ta", "204151000000102": "th",
    "204171000000106": "ti", "204191000000105": "tr", "204201000000107": "uk", "204211000000109": "ur",
    "204221000000103": "vi", "204231000000101": "cy", "204241000000105": "yo", "352901000000108": "sk",
    "353881000000101": "ro", "353921000000107": "bg", "360071000000106": "lv", "360431000000104": "hu",
    "362991000000107": "om", "364251000000104": "ne", "972591000000100": "zh",
}  # fmt: skip

_LANGUAGES = {
    "ak": "Akan", "am": "Amharic", "ar": "Arabic", "bfi": "BSL", "bg": "Bulgarian", "bn": "Bengali",
    "cmn": "Mandarin", "cs": "Czech", "cy": "Welsh", "de": "German", "el": "Greek", "es": "Spanish",
    "fa": "Farsi", "fr": "French", "gu": "Gujarati", "ha": "Hausa", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "ig": "Igbo", "it": "Italian", "ja": "Japanese", "ko": "Korean", "ku": "Kurdish",
    "ln": "Lingala", "lt": "Lithuanian", "lv": "Latvian", "ml": "Malayalam", "ne": "Nepali", "nl": "Dutch",
    "om": "Oromo", "pa": "Panjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "q4": "BSL",
    "q5": "Makaton", "ro": "Romanian", "ru": "Russian", "si": "Sinhala", "sk": "Slovak", "sn": "Shona",
    "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sw": "Swahili", "syl": "Sylheti", "ta": "Tamil",
    "th": "Thai", "ti": "Tigrinya", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "yo": "Yoruba", "yue": "Cantonese", "zh": "Chinese",
}  # fmt: skip

# A language's mark is its code in capitals, but for those that would read as another need.
_LANGUAGE_MARKS = {"bfi": "BSL", "q4": "BSL", "q5": "MAK", "ha": "HAU", "ch": "CHA"}

# Words of a list that gives no code; the first that fits.
_BY_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), mark)
    for pattern, mark in (
        (r"\b(bsl|british sign language)\b", "BSL"),
        (r"\bmakaton\b", "MAK"),
        (r"\bsign language\b", "SIGN"),
        (r"\b(large|big) print\b", "LP"),
        (r"\bbraille\b", "BRL"),
        (r"\beasy ?read\b", "EASY"),
        (r"\bhearing aids?\b", "HA"),
        (r"\bhearing loop\b", "LOOP"),
        (r"\blip ?(reads?|reading|speaker)\b", "LIPS"),
        (r"\bwheelchair\b", "WC"),
        (r"\bchaperone\b", "CH"),
        (r"\bguide dog\b", "DOG"),
        (r"\badvocate\b", "ADV"),
        (r"\b(longer|extended|double) appointment\b", "LONG"),
        (r"\bcarer\b", "CARE"),
        (r"\bneedle phobi", "NPH"),
    )
)

# UK Core Extension-UKCore-ContactPreference: written format, and contact method 7.
WRITTEN_FORMATS = {
    "11": ("large print", "LP"),
    "12": ("braille", "BRL"),
    "13": ("information as audio", "AUD"),
}
SIGN_LANGUAGE_METHOD = "7"

SAFEGUARDING_NOT_SHOWN = "Safeguarding flags are not shown here: see the practice's record"
_SAFEGUARDING = re.compile(
    r"\b342191000000101\b"  # SNOMED CT: subject to child protection plan
    r"|safeguard|child protection|cp-is|child in need|looked[ -]after child|(child|adult) at risk\b(?! of)"
    r"|vulnerable (child|adult)|domestic (abuse|violence)|\bmarac\b|\bfgm\b|female genital",
    re.IGNORECASE,
)


def need(code: str, words: str) -> Need | None:
    """The need behind a code, or behind words alone; None when there is neither."""
    code, words = short(code, 40), short(words)
    if code in _BY_CODE:
        shown, mark = _BY_CODE[code]
        return Need(text=shown, mark=mark, code=code)
    if code in _INTERPRETER_CODES:
        return interpreter(_INTERPRETER_CODES[code], code=code)
    if not words:
        return None
    return Need(text=words, mark=_mark_of(words), code=code)


def interpreter(language: str, name: str = "", code: str = "") -> Need:
    """An interpreter for a language, by its ISO 639 code (a region may follow), or of unknown language."""
    language = tidy(language).casefold().split("-")[0]
    shown = _LANGUAGES.get(language) or short(name, 40)
    if language == "en" or not (language or shown):
        return Need(text="interpreter", mark="INT", code=code)
    mark = _LANGUAGE_MARKS.get(language) or (language.upper() if 2 <= len(language) <= 3 else "INT")
    return Need(text=f"{shown or mark} interpreter", mark=mark, code=code)


def _mark_of(words: str) -> str:
    folded = words.casefold()
    mark = next((mark for pattern, mark in _BY_WORDS if pattern.search(folded)), "")
    if mark or "interpreter" not in folded:
        return mark
    named = (key for key, name in _LANGUAGES.items() if re.search(rf"\b{name.casefold()}\b", folded))
    return interpreter(next(named, "")).mark


def without_repeats(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Each need once: the same mark is the same need, and so are the same words."""
    kept: dict[str, Need] = {}
    for each in needs:
        kept.setdefault(each.mark or each.text.casefold(), each)
    return tuple(kept.values())


def is_safeguarding(words: str) -> bool:
    """True for what must not stand on a list that others in the room can read; `words` may hold codes."""
    return bool(_SAFEGUARDING.search(words))


def from_words(text: str) -> Need:
    """The need that was typed: one of the table by its words or its mark, else the words as they are."""
    wanted = " ".join(text.split()).casefold()
    for code, (words, mark) in _BY_CODE.items():
        if wanted and wanted in {words.casefold(), mark.casefold()}:
            return Need(text=words, mark=mark, code=code)
    return Need(text=" ".join(text.split()))
