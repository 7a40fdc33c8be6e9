"""What may be done on the day: each act checks, then says what happened, or raises `Refused`. No I/O.

An act takes the day first and everything else handed in, so that the desk can run it on the day as it
is under the lock: `desk.do(partial(acts.move, place=…, appointment=…, to=…))`.
"""

from gpa_tui.session.acts.common import Place
from gpa_tui.session.acts.copied import copy_entry, note_handout, translate
from gpa_tui.session.acts.ecg import (
    accept_best,
    allow_ecg,
    check_ecg,
    copy_ecg_file,
    correct_ecg,
    file_ecg,
    give_up_ecg,
    hand_ecg,
    note_ecg_symptoms,
    prepare_ecg,
    record_ecg,
    request_ecg,
    review_ecg,
)
from gpa_tui.session.acts.escalate import acknowledge, escalate, show_call_card, show_escalation, tell
from gpa_tui.session.acts.flow import (
    check_identity,
    close_record,
    close_session,
    close_sign_in,
    lock,
    move,
    note_printed,
    open_record,
    open_sign_in,
    refuse_pin,
    set_pin,
    take_back,
    unlock,
    view_log,
)
from gpa_tui.session.acts.listing import list_walk_in, note_export, note_pack, take_list
from gpa_tui.session.acts.mend import correct_observations, move_entries, strike
from gpa_tui.session.acts.observe import record_observations, set_spo2_scale
from gpa_tui.session.acts.plan import give_plan, give_safety_net, release, teach_back, word_plan
from gpa_tui.session.acts.prepare import answer, choose_template, hand_over
from gpa_tui.session.acts.room import (
    end_need,
    note_background,
    note_capacity,
    note_need,
    note_present,
    raise_safeguarding,
    record_chaperone,
    record_interpreter,
)
from gpa_tui.session.acts.server import answer_same_person, ask_same_person, note_clash, pick_status
from gpa_tui.session.acts.supervise import attempt, state_supervision

__all__ = [
    "Place",
    "accept_best",
    "acknowledge",
    "allow_ecg",
    "answer",
    "answer_same_person",
    "ask_same_person",
    "attempt",
    "check_ecg",
    "check_identity",
    "choose_template",
    "close_record",
    "close_session",
    "close_sign_in",
    "copy_ecg_file",
    "copy_entry",
    "correct_ecg",
    "correct_observations",
    "end_need",
    "escalate",
    "file_ecg",
    "give_plan",
    "give_safety_net",
    "give_up_ecg",
    "hand_ecg",
    "hand_over",
    "list_walk_in",
    "lock",
    "move",
    "move_entries",
    "note_background",
    "note_capacity",
    "note_clash",
    "note_ecg_symptoms",
    "note_export",
    "note_handout",
    "note_need",
    "note_pack",
    "note_present",
    "note_printed",
    "open_record",
    "open_sign_in",
    "pick_status",
    "prepare_ecg",
    "raise_safeguarding",
    "record_chaperone",
    "record_ecg",
    "record_interpreter",
    "record_observations",
    "refuse_pin",
    "release",
    "request_ecg",
    "review_ecg",
    "set_pin",
    "set_spo2_scale",
    "show_call_card",
    "show_escalation",
    "state_supervision",
    "strike",
    "take_back",
    "take_list",
    "teach_back",
    "tell",
    "translate",
    "unlock",
    "view_log",
    "word_plan",
]
