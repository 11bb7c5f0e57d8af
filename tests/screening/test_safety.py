"""Why it exists: nobody gets past a stop. Every row of the red-flag and readiness tables is one case here.

The tables restate, symptom by symptom, what was found in the literature; the levels and words are written out here and
not read from the library, so that a change there must be made here too. What a clinician's agreement lifts, what a
later no does not lift, and what random answers can never do stand below the tables.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.entry import Entry
from levelstride.journal.state import State, fold
from levelstride.screening.cases import stopped_unexplained
from levelstride.screening.decision import LEVELS, STOPS, Decision, Permit, StoppedError
from levelstride.screening.safety import decide
from tests.screening.support import (
    ANSWERED,
    DAILY,
    EXCLUSIONS,
    FLAGS,
    HARD_EFFORT_FROM,
    KNOWN,
    LEFT_OUT,
    NOW,
    PREGNANCY_SIGNS,
    PREGNANT,
    TOPICS,
    agreed,
    answered,
    calm,
    facts,
    follow_up,
    harmless,
    hurts,
    intake,
    person,
    said,
    stopped_test,
    taken_back,
    unreadable,
)

YEAR = timedelta(days=365)
DAY = timedelta(days=1)
LONG_AGO = NOW - YEAR - 2 * DAY

# ------------------------------------------------------------------------------------------- red flags, row by row

#: Levels that each row of the red-flag table allows; a row with two levels must use both.
ROW_LEVELS = {
    "cauda_equina": {"emergency"},
    "spine_fracture": {"emergency", "same_day"},
    "infection": {"emergency"},
    "cancer": {"same_day", "before_start"},
    "hip_fracture": {"emergency"},
    "femoral_neck_stress": {"same_day"},
    "child_hip": {"emergency"},
    "leg_vein": {"emergency"},
    "heart_brain": {"emergency"},
    "blood_flow": {"emergency", "same_day"},
    "nerve": {"same_day"},
    "hip_joint": {"same_day", "before_start"},
    "pregnancy": {"emergency", "same_day"},
}
CALL = "Call your local emergency number"
GO = "Go to emergency care now"
TODAY = "today"
NO_IMPACT = "Do no running or jumping"
NO_WEIGHT = "Put no weight on the leg"
CHEST_TOO = "With chest pain or short breath, call your local emergency number"

#: Row, symptom in the row -> sign that asks for it, level, words the person must be told.
SYMPTOMS = [
    ("cauda_equina", "numb saddle or genitals", "ce_saddle", "emergency", (CALL, "Do not exercise")),
    ("cauda_equina", "new trouble with urine", "ce_urine", "emergency", (CALL, "Do not exercise")),
    ("cauda_equina", "new trouble with stool", "ce_stool", "emergency", (CALL, "Do not exercise")),
    ("cauda_equina", "leg weakness getting worse", "ce_legs", "emergency", (CALL, "Do not exercise")),
    ("cauda_equina", "new sexual numbness", "ce_sex", "emergency", (CALL, "Do not exercise")),
    ("spine_fracture", "big trauma", "spine_big_accident", "emergency", (CALL, "Keep still")),
    ("spine_fracture", "sudden severe central pain", "spine_sudden", "emergency", (CALL, "Keep still")),
    ("spine_fracture", "small trauma, osteoporosis", "spine_small_knock", "same_day", (TODAY, "Do not exercise")),
    ("spine_fracture", "small trauma, steroids", "spine_small_knock", "same_day", (TODAY, "Do not exercise")),
    ("spine_fracture", "new deformity", "spine_shape", "same_day", (TODAY, "Do not exercise")),
    ("infection", "fever, chills or unwell with pain", "inf_fever", "emergency", (CALL,)),
    ("infection", "drugs by needle", "inf_needle", "emergency", (CALL,)),
    ("infection", "weak immunity", "inf_defence", "emergency", (CALL,)),
    ("infection", "recent infection or wound", "inf_risk", "emergency", (CALL,)),
    ("infection", "hot swollen joint", "inf_hot_joint", "emergency", (CALL,)),
    ("cancer", "past cancer", "ca_past", "same_day", (TODAY, "doctor")),
    ("cancer", "weight loss without reason", "ca_weight", "same_day", (TODAY, "doctor")),
    ("cancer", "night pain no position helps", "ca_night", "same_day", (TODAY, "doctor")),
    ("cancer", "pain at many sites", "ca_many", "before_start", ("clinician before you start",)),
    ("cancer", "not better after a month", "ca_month", "before_start", ("clinician before you start",)),
    ("hip_fracture", "fall, cannot stand or walk", "hip_fall_stand", "emergency", (CALL, "Do not stand up")),
    ("hip_fracture", "fall, leg short or turned out", "hip_fall_leg", "emergency", (CALL, "Do not stand up")),
    ("hip_fracture", "fall, groin pain", "hip_fall_groin", "emergency", (CALL, NO_WEIGHT)),
    ("femoral_neck_stress", "groin pain running or loaded", "groin_load", "same_day", (TODAY, NO_IMPACT)),
    ("femoral_neck_stress", "more training lately", "groin_more_training", "same_day", (TODAY, NO_IMPACT)),
    ("femoral_neck_stress", "low energy, missed periods", "groin_low_energy", "same_day", (TODAY, NO_IMPACT)),
    ("femoral_neck_stress", "low bone mass", "groin_bones", "same_day", (TODAY, NO_IMPACT)),
    ("femoral_neck_stress", "hop pain", "groin_hop", "same_day", (TODAY, NO_IMPACT)),
    ("child_hip", "limp", "child_limp", "emergency", (GO, NO_WEIGHT)),
    ("child_hip", "hip, groin, thigh or knee pain", "child_pain", "emergency", (GO, NO_WEIGHT)),
    ("child_hip", "foot turned out", "child_foot", "emergency", (GO, NO_WEIGHT)),
    ("leg_vein", "one calf or leg swollen over 3 cm", "leg_swollen", "emergency", (GO, CHEST_TOO)),
    ("leg_vein", "tender deep veins", "leg_tender", "emergency", (GO, CHEST_TOO)),
    ("leg_vein", "surgery, bed rest or cast", "leg_rest", "emergency", (GO, CHEST_TOO)),
    ("leg_vein", "cancer or past clot", "leg_clot_history", "emergency", (GO, CHEST_TOO)),
    ("leg_vein", "with chest pain or breathless", "leg_chest", "emergency", (CALL, "ambulance now")),
    ("heart_brain", "chest pain", "chest_pain", "emergency", ("Sit down", "call your local emergency number now")),
    ("heart_brain", "fainting", "fainting", "emergency", (CALL, "Do not exercise")),
    ("heart_brain", "odd breathlessness", "odd_breath", "emergency", ("Sit down", "emergency number now")),
    ("heart_brain", "one-sided weakness", "one_side", "emergency", (CALL,)),
    ("heart_brain", "worst headache", "worst_headache", "emergency", (CALL,)),
    ("blood_flow", "calf pain that stops on rest", "calf_walk", "same_day", (TODAY, "Do not exercise")),
    ("blood_flow", "cold foot", "cold_foot", "emergency", (CALL,)),
    ("blood_flow", "tearing belly or back pain", "tearing", "emergency", (CALL,)),
    ("nerve", "leg weakness", "nerve_leg", "same_day", (TODAY, "Do not exercise")),
    ("nerve", "foot drop", "nerve_foot", "same_day", (TODAY, "Do not exercise")),
    ("nerve", "spreading numbness", "nerve_numb", "same_day", (TODAY, "Do not exercise")),
    ("hip_joint", "locked", "hip_locked", "same_day", (TODAY, "Do not force it")),
    ("hip_joint", "cannot bear weight", "hip_weight", "same_day", (TODAY, "Rest the leg")),
    ("hip_joint", "steroids or alcohol, groin pain", "hip_steroid", "same_day", (TODAY, "groin pain")),
    ("hip_joint", "giving way", "hip_gives_way", "before_start", ("clinician before you start",)),
    ("pregnancy", "bleeding", "preg_bleeding", "emergency", (CALL, "maternity unit")),
    ("pregnancy", "fluid leak", "preg_fluid", "emergency", (CALL, "maternity unit")),
    ("pregnancy", "contractions", "preg_contractions", "emergency", (CALL, "maternity unit")),
    ("pregnancy", "chest pain", "preg_chest", "emergency", (CALL,)),
    ("pregnancy", "breathless before effort", "preg_breath", "emergency", (CALL,)),
    ("pregnancy", "calf pain", "preg_calf", "emergency", (GO, CHEST_TOO)),
    ("pregnancy", "headache", "preg_headache", "same_day", (TODAY, "midwife")),
    ("pregnancy", "dizziness", "preg_dizzy", "same_day", (TODAY, "midwife")),
    ("pregnancy", "muscle weakness", "preg_strength", "same_day", (TODAY, "midwife")),
]
#: What stops a session that is under way.
IN_SESSION = [
    ("in_session", "chest pain", "sess_chest", "emergency", ("Stop", CALL)),
    ("in_session", "undue breathlessness", "sess_breath", "emergency", ("Stop", CALL)),
    ("in_session", "passed out", "sess_passed_out", "emergency", ("Stay down", CALL)),
    ("in_session", "faintness", "sess_faint", "same_day", ("Stop", TODAY)),
    ("in_session", "new numbness", "sess_numb", "same_day", ("Stop", TODAY)),
    ("in_session", "sharp joint pain", "sess_joint", "before_start", ("Stop", "clinician")),
    ("in_session", "sharp joint pain, no weight", "sess_joint_weight", "same_day", ("Stop", TODAY, "Rest the leg")),
    ("in_session", "calf swelling", "sess_calf", "emergency", ("Stop", "emergency care now", CHEST_TOO)),
    ("in_session", "fall", "sess_fall", "before_start", ("Stop", "clinician")),
    ("in_session", "fall, hurt", "sess_fall_hurt", "same_day", ("Stop", TODAY)),
    ("in_session", "fall, head hit or cannot stand", "sess_fall_bad", "emergency", ("Stay where you are", CALL)),
]
SHOWS = {"emergency": "show_emergency_number", "same_day": "show_referral", "before_start": "show_referral"}

# --------------------------------------------------------------------------------------------- readiness and ages

START, STOP = True, False


@dataclass(frozen=True)
class Row:
    """Answers of one person, and what must come of them.

    ``case``: the case of the library that the row shows, as rule/case. ``stops``: every reason that stops, as
    rule/case or, where the library has no case of that name, the exclusion, topic or code. ``codes``: every caution.
    """

    name: str
    level: str
    may_start: bool
    changes: dict[str, Any] = field(default_factory=dict)
    case: str | None = None
    stops: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    words: str = ""
    age: int = 40
    facts: dict[str, Any] = field(default_factory=dict)
    later: tuple[Entry, ...] = ()
    now: Any = NOW
    at: Any = ANSWERED


def topic(name: str, **kept: Any) -> Row:
    """Return a row with a yes to a topic and no to all that follows."""
    return Row(
        f"{name} yes, all follow-ups no", kept.pop("level", "caution"), kept.pop("start", START), calm(name), **kept
    )


def asked_on(name: str, number: int, words: str, *codes: str, needs: str | None = None) -> Row:
    """Return a row with a yes to a topic and to one follow-up; ``needs``: a code that needs an agreement of its own."""
    stops = (f"readiness/{name}", *((f"cautions/{needs}",) if needs else ()))
    row = f"{name}, follow-up {number} yes"
    lock = ("lock_programme", "offer_clinician_export")
    case = "readiness/any_follow_up_yes"
    return Row(row, "before_start", STOP, follow_up(name, number), case, stops, codes, lock, words)


def excluded(name: str, words: str, *codes: str) -> Row:
    stops = (f"age_limits/{name}", *(f"cautions/{code}" for code in codes))
    change = {f"exclusions/{name}": True}
    case = "age_limits/exclusion"
    return Row(f"exclusion {name}", "before_start", STOP, change, case, stops, codes, ("lock_programme",), words)


def condition(name: str, code: str, *, needs: bool = False) -> Row:
    level, stops = ("before_start", (f"cautions/{code}",)) if needs else ("green", ())
    change = {"intake/conditions": (name,)}
    return Row(f"condition {name}", level, not needs, change, stops=stops, codes=(code,))


def effort(used: Any, planned: Any) -> dict[str, Any]:
    return {"intake/hard_effort_used": used, "intake/hard_effort_planned": planned}


UNWELL = {"intake/unwell_today": True}
WELL = partial(said, "intake/unwell_today", False)
IDLE = {"intake/active_now": False}
BLOCKED = ("block_impact", "block_heavy_load")

ROWS = [
    # Seven topics: all no; any yes with all follow-ups no; any follow-up yes.
    Row("all no", "green", START, case="readiness/all_no", does=("allow_start",), words="Build up slowly"),
    topic("heart_pressure", level="before_start", start=STOP, stops=("cautions/HTN",), codes=("HTN",)),
    topic("chest_pain", level="before_start", start=STOP, stops=("cautions/HTN",), codes=("HTN",)),
    topic("dizzy_blackout", codes=("BAL",), case="readiness/any_yes", does=("allow_start", "set_caution_codes")),
    topic("other_illness", case="readiness/any_yes", does=("allow_start",)),
    topic("medicines", case="readiness/any_yes", does=("allow_start",)),
    topic("bones_joints", case="readiness/any_yes", does=("allow_start",)),
    topic("supervised_only", case="readiness/any_yes", does=("allow_start",)),
    asked_on("heart_pressure", 0, "ask your doctor first", "HTN", needs="HTN"),
    asked_on("heart_pressure", 1, "ask your doctor first", "HTN", needs="HTN"),
    asked_on("heart_pressure", 2, "ask your doctor first", "HTN", needs="HTN"),
    asked_on("chest_pain", 0, "call your local emergency number", "HTN", needs="HTN"),
    asked_on("chest_pain", 1, "See a doctor before you start", "HTN", needs="HTN"),
    asked_on("chest_pain", 2, "See a doctor before you start", "HTN", needs="HTN"),
    asked_on("dizzy_blackout", 0, "See a professional first", "BAL"),
    asked_on("dizzy_blackout", 1, "See a professional first", "BAL"),
    asked_on("dizzy_blackout", 2, "See a professional first", "BAL"),
    asked_on("other_illness", 0, "ask your doctor first"),
    asked_on("other_illness", 1, "ask your doctor first"),
    asked_on("other_illness", 2, "ask your doctor first", "OSTEO"),
    asked_on("medicines", 0, "Ask your doctor or pharmacist"),
    asked_on("medicines", 1, "Ask your doctor or pharmacist", "BAL", "HTN", needs="HTN"),
    asked_on("medicines", 2, "Ask your doctor or pharmacist"),
    asked_on("bones_joints", 0, "see a clinician first", "SURG", needs="SURG"),
    asked_on("bones_joints", 1, "see a clinician first", "SURG", needs="SURG"),
    asked_on("bones_joints", 2, "see a clinician first"),
    asked_on("supervised_only", 0, "start only with your clinician"),
    asked_on("supervised_only", 1, "start only with your clinician"),
    Row(
        "a follow-up not sure",
        "before_start",
        STOP,
        follow_up("other_illness", 0, "not_sure"),
        stops=("readiness/other_illness",),
    ),
    Row("a topic not sure", "caution", START, {**calm("medicines"), "readiness/medicines": "not_sure"}),
    # Feverish or unwell: not before the person says that it is over.
    Row(
        "unwell today",
        "hold",
        STOP,
        UNWELL,
        "readiness/unwell",
        ("readiness/unwell",),
        does=("skip_session",),
        words="until you feel well",
    ),
    Row("unwell not sure", "hold", STOP, {"intake/unwell_today": "not_sure"}, stops=("readiness/unwell",)),
    Row("unwell, late the same day", "hold", STOP, UNWELL, stops=("readiness/unwell",), now=NOW.replace(hour=23)),
    Row("unwell yesterday", "hold", STOP, UNWELL, stops=("readiness/unwell",), now=NOW + DAY),
    Row("unwell 100 days ago", "hold", STOP, UNWELL, stops=("readiness/unwell",), now=NOW + 100 * DAY),
    Row("unwell yesterday, well today", "green", START, UNWELL, now=NOW + DAY, later=(WELL(NOW + DAY),)),
    Row("unwell, well an hour later", "green", START, UNWELL, later=(WELL(NOW),)),
    Row(
        "unwell, well in an hour by a clock that was ahead",
        "hold",
        STOP,
        UNWELL,
        stops=("readiness/unwell",),
        later=(WELL(NOW + timedelta(hours=1)),),
    ),
    Row(
        "well, then unwell",
        "hold",
        STOP,
        stops=("readiness/unwell",),
        later=(said("intake/unwell_today", True, NOW - timedelta(minutes=1)),),
    ),
    # Pregnant, or birth not long ago: the carer first.
    Row(
        "pregnant",
        "before_start",
        STOP,
        PREGNANT,
        "readiness/pregnant",
        ("cautions/PREG", "readiness/pregnant"),
        ("PREG",),
        ("ask_carer_first",),
        "doctor or midwife first",
    ),
    Row(
        "birth not long ago",
        "before_start",
        STOP,
        {"intake/pregnant": "birth_recent"},
        "readiness/pregnant",
        ("cautions/PREG", "readiness/pregnant"),
        ("PREG",),
        ("ask_carer_first",),
        "doctor or midwife first",
    ),
    Row(
        "pregnant, with problems",
        "before_start",
        STOP,
        {**PREGNANT, "exclusions/complicated_pregnancy": True},
        stops=("age_limits/complicated_pregnancy", "cautions/PREG", "readiness/pregnant"),
        codes=("PREG",),
        words="care team must agree first",
    ),
    Row("61, pregnancy not asked", "green", START, age=61),
    # A change of health, and a year gone by: everything again.
    Row(
        "health changed",
        "rescreen",
        STOP,
        case="readiness/health_change",
        stops=("readiness/health_change", "readiness/incomplete"),
        later=(said("intake/health_changed", True, NOW),),
        does=("rescreen",),
        words="answer these questions again",
    ),
    Row(
        "health changed, not sure",
        "rescreen",
        STOP,
        stops=("readiness/health_change", "readiness/incomplete"),
        later=(said("intake/health_changed", "not_sure", NOW),),
    ),
    Row("health changed before the answers", "green", START, later=(said("intake/health_changed", True, NOW - DAY),)),
    Row(
        "answers of more than 12 months ago",
        "rescreen",
        STOP,
        case="readiness/yearly",
        stops=("readiness/incomplete", "readiness/yearly"),
        at=LONG_AGO,
        does=("rescreen",),
        words="It has been a year",
    ),
    Row("answers of just under 12 months ago", "green", START, at=NOW - YEAR + DAY),
    # Over 45 and new to hard effort: a limit on hard effort only.
    Row(
        "46, not used to hard effort, plans it",
        "limit",
        START,
        effort(False, True),
        "readiness/age_45_vigorous",
        does=("block_vigorous", "allow_start"),
        words="Easy and moderate work is fine",
        age=46,
    ),
    Row("46, plans it, not sure whether used to it", "limit", START, effort("not_sure", True), age=46),
    Row("46, used to hard effort, not sure of plans", "green", START, effort(True, "not_sure"), age=46),
    Row("46, used to hard effort, plans it", "green", START, effort(True, True), age=46),
    Row("46, not used to hard effort, does not plan it", "green", START, effort(False, False), age=46),
    Row("45, not used to hard effort, plans it", "green", START, effort(False, True), age=45),
    # 70 and more, and not active: medical contact first.
    Row(
        "70 and not active",
        "before_start",
        STOP,
        IDLE,
        "readiness/age_70",
        ("readiness/age_70",),
        does=("suggest_clinician",),
        words="talk to your doctor before you start",
        age=70,
    ),
    Row("95 and not active", "before_start", STOP, IDLE, stops=("readiness/age_70",), age=95),
    Row(
        "70, not sure whether active",
        "before_start",
        STOP,
        {"intake/active_now": "not_sure"},
        stops=("readiness/age_70",),
        age=70,
    ),
    Row("70 and active", "green", START, age=70),
    Row("69 and not active", "green", START, IDLE, age=69),
    # Ages.
    Row("18", "green", START, case="age_limits/adult", does=("allow_start",), age=18),
    Row(
        "17 with guardian",
        "limit",
        START,
        case="age_limits/teen",
        does=BLOCKED,
        words="Hops and heavy loads stay closed",
        age=17,
        facts={"guardian_agrees": True},
    ),
    Row("16 with guardian", "limit", START, does=BLOCKED, age=16, facts={"guardian_agrees": True}),
    Row(
        "17 without guardian",
        "block",
        STOP,
        case="age_limits/teen_no_guardian",
        stops=("age_limits/teen_no_guardian",),
        does=("ask_guardian",),
        words="parent or guardian",
        age=17,
        facts={"guardian_agrees": False},
    ),
    Row("16, guardian not asked", "block", STOP, stops=("age_limits/teen_no_guardian",), age=16),
    Row(
        "15 without clinician",
        "block",
        STOP,
        case="age_limits/child",
        stops=("age_limits/child",),
        does=("lock_programme",),
        words="only with a clinician",
        age=15,
        facts={"clinician_linked": False},
    ),
    Row("15 with guardian only", "block", STOP, stops=("age_limits/child",), age=15, facts={"guardian_agrees": True}),
    Row("7 without clinician", "block", STOP, stops=("age_limits/child",), age=7),
    Row(
        "15 with clinician",
        "clinician_only",
        STOP,
        case="age_limits/child_clinician",
        stops=("age_limits/child_clinician",),
        does=("clinician_sets_plan", *BLOCKED),
        words="Your clinician sets your plan",
        age=15,
        facts={"clinician_linked": True},
    ),
    # What closes the programme until a clinician agrees.
    excluded("recent_surgery_or_fracture", "surgeon or clinician must agree first", "SURG"),
    excluded("unstable_heart", "doctor must agree first", "HTN"),
    excluded("weight_loss_or_fever", "See a doctor first"),
    excluded("complicated_pregnancy", "care team must agree first", "PREG"),
    excluded("joint_infection", "doctor must agree first"),
    excluded("weight_bearing_limit", "clinician must agree first", "SURG"),
    Row(
        "exclusion not sure",
        "before_start",
        STOP,
        {"exclusions/joint_infection": "not_sure"},
        stops=("age_limits/joint_infection",),
    ),
    # Pain at rest, or daily tasks out of reach: a first look by a physio.
    Row(
        "rest pain 6",
        "before_start",
        STOP,
        {"intake/rest_pain": 6.0},
        "screening_signs/pain_or_marked",
        ("screening_signs/pain_or_marked",),
        does=("offer_clinician_export", "show_referral"),
        words="See a physio",
    ),
    Row("rest pain 5", "green", START, {"intake/rest_pain": 5.0}),
    Row(
        "daily tasks out of reach",
        "before_start",
        STOP,
        {"intake/daily_tasks": True},
        "screening_signs/pain_or_marked",
        ("screening_signs/pain_or_marked",),
        does=("show_referral",),
    ),
    # Conditions: a code that needs an agreement stops, the others change the moves.
    condition("hip_oa", "HIP_OA"),
    condition("fai", "FAI"),
    condition("dysplasia", "DYSPLASIA"),
    condition("thr", "THR", needs=True),
    condition("lb_flex", "LB_FLEX"),
    condition("lb_ext", "LB_EXT"),
    condition("pfp", "PFP"),
    condition("gtps", "GTPS"),
    condition("osteo", "OSTEO"),
    condition("bal", "BAL"),
    condition("knee_oa", "KNEE_OA"),
    condition("wrist", "WRIST"),
    condition("ankle", "ANKLE"),
    condition("ham", "HAM"),
    condition("surg", "SURG", needs=True),
    Row("one fall in a year", "green", START, {"intake/fell_lately": "once"}, codes=("BAL",)),
    Row("two falls in a year", "green", START, {"intake/fell_lately": "twice_or_more"}, codes=("BAL",)),
]

#: Cases that ``decide`` leaves to others: a warning sign speaks for itself (``red_flags``), and how many everyday signs
#: there are chooses the tests (``battery``), not whether the person may start.
NOT_DECIDED = {
    "readiness/red_flag": "the sign itself is the reason",
    "screening_signs/flag": "the sign itself is the reason",
    "screening_signs/full": "battery",
    "screening_signs/short": "battery",
    "screening_signs/none": "battery",
}


def names(reasons: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(f"{reason.rule}/{reason.case}" for reason in reasons))


def rank(decision: Decision) -> int:
    return LEVELS.index(decision.level)


def flag_paths(decision: Decision) -> set[str]:
    return {reason.case for reason in decision.reasons if reason.rule == "red_flags"}


def may_have_a_permit(decision: Decision) -> bool:
    try:
        return Permit(decision).decision is decision
    except StoppedError:
        return False


# --------------------------------------------------------------------------------------------------- the case table


@pytest.mark.requirement("R054", "R155")
@pytest.mark.parametrize("value", [True, "not_sure"], ids=["yes", "not-sure"])
@pytest.mark.parametrize(
    ("row", "symptom", "flag", "level", "words"),
    [pytest.param(*case, id=f"{case[0]}-{case[1]}-{case[3]}") for case in [*SYMPTOMS, *IN_SESSION]],
)
def test_a_warning_sign_stops(row, symptom, flag, level, words, value):
    age = 12 if row == "child_hip" else 40
    fields = {"clinician_linked": True} if age < 16 else {}
    asked = PREGNANT if row == "pregnancy" else {}
    decision = decide(answered(changes={**asked, f"red_flags/{flag}": value}, age=age, **fields), KNOWN, NOW)

    assert FLAGS[flag].group == row
    assert (decision.level, decision.may_start) == (level, False)
    (reason,) = (reason for reason in decision.reasons if reason.rule == "red_flags")
    assert (reason.case, reason.level) == (flag, level)
    assert [word for word in words if word not in reason.says] == []
    assert [(why.question, why.answer) for why in reason.because] == [(f"red_flags/{flag}", value)]
    assert {"lock_programme", SHOWS[level]} <= set(reason.actions)
    assert ("stop_session" in reason.actions) == (level != "before_start")
    with pytest.raises(StoppedError) as stopped:
        Permit(decision)
    assert reason.says in str(stopped.value)
    assert stopped.value.exit_code == 5


@pytest.mark.requirement("R054", "R096")
@pytest.mark.parametrize("row", [pytest.param(row, id=row.name.replace(" ", "-")) for row in ROWS])
def test_a_row_of_the_readiness_table(row):
    state = answered(*row.later, changes=row.changes, age=row.age, at=row.at, **row.facts)
    decision = decide(state, KNOWN, row.now)

    assert (decision.level, decision.may_start) == (row.level, row.may_start)
    assert names(decision.stops) == tuple(sorted(row.stops))
    assert tuple(sorted(decision.cautions)) == tuple(sorted(row.codes))
    assert set(row.does) <= decision.actions
    assert row.words in " ".join(reason.says for reason in decision.reasons)
    assert may_have_a_permit(decision) == row.may_start
    if row.case is not None:
        assert row.case in held(decision)


def held(decision: Decision) -> set[str]:
    """Return the cases of the library behind the reasons; an exclusion and a topic stand for the case they share."""
    found = set()
    for reason in decision.reasons:
        if reason.rule == "age_limits" and reason.case in EXCLUSIONS:
            found.add("age_limits/exclusion")
        elif reason.rule == "readiness" and reason.case in TOPICS:
            found.add("readiness/any_follow_up_yes")
        else:
            found.add(f"{reason.rule}/{reason.case}")
    return found


# ------------------------------------------------------------------------------- nothing of the library lacks a case


def test_every_warning_sign_has_a_case():
    assert {case[2] for case in [*SYMPTOMS, *IN_SESSION]} == set(FLAGS)


@pytest.mark.parametrize("row", ROW_LEVELS)
def test_a_row_uses_the_levels_it_names(row):
    assert {case[3] for case in SYMPTOMS if case[0] == row} == ROW_LEVELS[row]


def test_thirteen_rows_are_covered():
    assert {case[0] for case in SYMPTOMS} == set(ROW_LEVELS)
    assert len(ROW_LEVELS) == 13


def test_every_exclusion_has_a_case():
    assert {row.name.removeprefix("exclusion ") for row in ROWS if row.case == "age_limits/exclusion"} == set(
        EXCLUSIONS
    )
    assert len(EXCLUSIONS) == 6


def test_every_topic_and_every_follow_up_has_a_case():
    found = {row.name for row in ROWS}
    assert len(TOPICS) == 7
    for name, topic in TOPICS.items():
        assert f"{name} yes, all follow-ups no" in found
        assert {f"{name}, follow-up {number} yes" for number in range(len(topic.follow_up))} <= found
        assert f"{name}, follow-up {len(topic.follow_up)} yes" not in found


def test_every_option_that_sets_a_caution_has_a_case():
    given = {(path, option) for row in ROWS for path, value in row.changes.items() for option in options_of(value)}
    for section in KNOWN.intake.sections:
        for question in section.questions:
            assert {(f"intake/{question.id}", option) for option in question.sets} <= given, question.id
    assert {code for row in ROWS for code in row.codes} == set(KNOWN.cautions)


def options_of(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("rule", ["readiness", "age_limits", "screening_signs"])
def test_every_case_of_a_rule_is_decided_here_or_elsewhere_on_purpose(rule):
    shown = {row.case for row in ROWS if row.case is not None}
    cases = {f"{rule}/{case.id}" for case in KNOWN.rules[rule].cases}
    left = {name for name in NOT_DECIDED if name.startswith(f"{rule}/")}
    assert {case for case in shown if case.startswith(f"{rule}/")} | left == cases
    assert shown.isdisjoint(left)


def test_the_levels_of_the_cases_stop_or_do_not_stop():
    used = {row.level for row in ROWS} | {case[3] for case in SYMPTOMS}
    assert used == set(LEVELS) - {"incomplete"}
    assert set(LEVELS) - STOPS == {"limit", "caution", "green"}


# --------------------------------------------------------------------------------------------------------- ages


@pytest.mark.parametrize(
    ("born", "level"),
    [
        ({"birth_year": 2008, "birth_month": 4}, "green"),
        ({"birth_year": 2008, "birth_month": 5}, "limit"),
        ({"birth_year": 2008, "birth_month": 6}, "limit"),
        ({"birth_year": 2008}, "limit"),
        ({"birth_year": 2007}, "green"),
        ({"birth_year": 2010, "birth_month": 4}, "limit"),
        ({"birth_year": 2010, "birth_month": 5}, "block"),
        ({"birth_year": 2010}, "block"),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else value,
)
def test_an_uncertain_birthday_counts_as_the_younger_age(born, level):
    child = {f"red_flags/{flag.id}": False for flag in FLAGS.values() if flag.group == "child_hip"}
    entries = [said(path, value) for path, value in {**harmless(), **child}.items()]
    state = fold([facts(guardian_agrees=True, **born), *entries])
    assert decide(state, KNOWN, NOW).level == level


@pytest.mark.parametrize(("month", "level"), [(4, "before_start"), (5, "before_start"), (6, "green")])
def test_an_uncertain_seventieth_birthday_counts_as_the_older_age(month, level):
    changes = {**harmless(HARD_EFFORT_FROM), **IDLE}
    state = fold([facts(birth_year=1956, birth_month=month), *(said(path, value) for path, value in changes.items())])
    assert decide(state, KNOWN, NOW).level == level


def test_without_a_year_of_birth_nothing_starts():
    state = fold([said(path, value) for path, value in harmless().items()])
    decision = decide(state, KNOWN, NOW)
    assert (decision.level, decision.missing) == ("incomplete", ("profile/birth_year",))
    assert not may_have_a_permit(decision)


# ------------------------------------------------------------------------------------------- what lifts a stop

SAID = NOW - timedelta(minutes=50)
AFTER = NOW - timedelta(minutes=40)
LATER = NOW - timedelta(minutes=30)
LAST = NOW - timedelta(minutes=20)

#: What stops by one answer -> the answer, and what an agreement must cover to lift it.
LIFTED = {
    **{f"red_flags/{name}": (True, (f"red_flags/{name}",)) for name in FLAGS},
    **{f"exclusions/{name}": (True, (f"exclusions/{name}",)) for name in EXCLUSIONS},
    "exclusions/recent_surgery_or_fracture": (True, ("exclusions/recent_surgery_or_fracture", "SURG")),
    "exclusions/weight_bearing_limit": (True, ("exclusions/weight_bearing_limit", "SURG")),
    "exclusions/unstable_heart": (True, ("exclusions/unstable_heart", "HTN")),
    "exclusions/complicated_pregnancy": (True, ("exclusions/complicated_pregnancy", "PREG")),
    "intake/pregnant": ("pregnant", ("PREG",)),
    "intake/conditions": (("thr",), ("THR",)),
    "intake/rest_pain": (8.0, ("screening_signs/pain_or_marked",)),
    "intake/daily_tasks": (True, ("screening_signs/pain_or_marked",)),
}
STICKY = [path for path in LIFTED if path.startswith(("red_flags/", "exclusions/"))]


def around(path: str, *later: Entry) -> State:
    """Return a harmless intake with later entries, in which all that a pregnancy asks is answered when it is needed."""
    return answered(*later, changes=PREGNANCY_SIGNS if path == "intake/pregnant" else {})


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("path", STICKY)
def test_a_later_no_does_not_lift_a_yes(path):
    state = answered(said(path, True, SAID), said(path, False, AFTER), said(path, False, NOW + 30 * DAY))
    decision = decide(state, KNOWN, NOW + 31 * DAY)
    assert path in {why.question for reason in decision.stops for why in reason.because}
    assert not may_have_a_permit(decision)


@pytest.mark.parametrize(
    "exclusion", [one for one in KNOWN.rules["age_limits"].exclusions if one.caution], ids=lambda one: one.id
)
def test_the_caution_of_an_exclusion_stays_as_long_as_the_exclusion_does(exclusion):
    path = f"exclusions/{exclusion.id}"
    decision = decide(answered(said(path, True, SAID), said(path, False, AFTER)), KNOWN, NOW)
    assert {f"age_limits/{exclusion.id}", f"cautions/{exclusion.caution}"} == set(names(decision.stops))
    assert set(decision.cautions) == {exclusion.caution}


@pytest.mark.parametrize("path", LIFTED)
def test_an_agreement_after_the_yes_lifts_it_and_a_new_yes_stops_again(path):
    value, covers = LIFTED[path]
    yes, agreement, again = said(path, value, SAID), agreed(*covers, at=AFTER), said(path, value, LATER)
    stopped = decide(around(path, yes), KNOWN, NOW)
    assert not stopped.may_start
    assert {reason.clears for reason in stopped.stops} == set(covers)
    assert may_have_a_permit(decide(around(path, yes, agreement), KNOWN, NOW))
    assert not may_have_a_permit(decide(around(path, yes, agreement, again), KNOWN, NOW))
    assert may_have_a_permit(decide(around(path, yes, agreement, again, agreed(*covers, at=LAST)), KNOWN, NOW))


@pytest.mark.parametrize("path", LIFTED)
def test_an_agreement_before_the_yes_does_not_lift_it(path):
    value, covers = LIFTED[path]
    early, same = agreed(*covers, at=SAID - timedelta(minutes=1)), agreed(*covers, at=SAID)
    assert not may_have_a_permit(decide(around(path, said(path, value, SAID), early, same), KNOWN, NOW))


@pytest.mark.parametrize("path", LIFTED)
def test_an_agreement_to_everything_else_does_not_lift_it(path):
    value, covers = LIFTED[path]
    others = {name for _, names in LIFTED.values() for name in names} - set(covers)
    state = around(path, said(path, value, SAID), agreed(*sorted(others), at=AFTER))
    assert not may_have_a_permit(decide(state, KNOWN, NOW))


@pytest.mark.parametrize("path", LIFTED)
def test_an_agreement_that_was_taken_back_lifts_nothing(path):
    value, covers = LIFTED[path]
    agreement = agreed(*covers, at=AFTER)
    state = around(path, said(path, value, SAID), agreement, taken_back(agreement, LATER))
    assert not may_have_a_permit(decide(state, KNOWN, NOW))


@pytest.mark.parametrize("path", LIFTED)
def test_taking_the_answer_back_lifts_it(path):
    value, _ = LIFTED[path]
    yes = said(path, value, SAID)
    before = harmless().get(path)
    rest = () if before is not None else (said(path, False, NOW),)
    assert not may_have_a_permit(decide(around(path, yes), KNOWN, NOW))
    decision = decide(around(path, yes, taken_back(yes), *rest), KNOWN, NOW)
    assert (decision.level, may_have_a_permit(decision)) == ("green", True)


@pytest.mark.parametrize("name", TOPICS)
def test_an_agreement_lifts_the_follow_ups_of_a_topic_and_keeps_its_cautions(name):
    topic = TOPICS[name]
    changes = {f"readiness/{name}": True, **{f"readiness/{name}/{n}": True for n in range(len(topic.follow_up))}}
    codes = {code for codes in (topic.cautions, *topic.follow_up_cautions) for code in codes}
    agreement = agreed(f"readiness/{name}", *sorted(codes), at=NOW)
    decision = decide(answered(agreement, changes=changes), KNOWN, NOW)
    assert (decision.level, set(decision.cautions)) == ("caution", codes)
    again = answered(agreement, said(f"readiness/{name}/0", True, NOW + DAY), changes=changes)
    assert not may_have_a_permit(decide(again, KNOWN, NOW + DAY))


def test_an_agreement_lifts_the_stop_of_an_inactive_70_year_old_until_it_is_answered_again():
    agreement = agreed("readiness/age_70")
    lifted = answered(agreement, changes=IDLE, age=70)
    assert may_have_a_permit(decide(lifted, KNOWN, NOW))
    again = answered(agreement, said("intake/active_now", False, NOW + DAY), changes=IDLE, age=70)
    assert not may_have_a_permit(decide(again, KNOWN, NOW + DAY))


def test_an_agreement_opens_hard_effort():
    closed = answered(changes=effort(False, True), age=50)
    opened = answered(agreed("readiness/age_45_vigorous"), changes=effort(False, True), age=50)
    assert "block_vigorous" in decide(closed, KNOWN, NOW).actions
    assert "block_vigorous" not in decide(opened, KNOWN, NOW).actions


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row.name.replace(" ", "-")) for row in ROWS if row.level in ("block", "clinician_only")],
)
def test_no_agreement_lifts_an_age(row):
    every = {name for _, names in LIFTED.values() for name in names} | set(row.stops)
    state = answered(agreed(*sorted(every)), changes=row.changes, age=row.age, **row.facts)
    assert decide(state, KNOWN, NOW).level == row.level


def test_an_agreement_lifts_neither_feeling_unwell_nor_a_change_of_health():
    every = agreed("readiness/unwell", "intake/unwell_today", "readiness/health_change", "intake/health_changed")
    assert decide(answered(every, changes=UNWELL), KNOWN, NOW).level == "hold"
    changed = answered(said("intake/health_changed", True, SAID), every)
    assert decide(changed, KNOWN, NOW).level == "rescreen"


#: Place and detail of the body map -> the warning sign that a yes is, and its level.
MAP_SIGNS = [
    ("groin", "gives_way", "hip_gives_way", "before_start"),
    ("hip_side", "gives_way", "hip_gives_way", "before_start"),
    ("buttock", "gives_way", "hip_gives_way", "before_start"),
    ("shin_calf", "eases_standing", "calf_walk", "same_day"),
]
MAP_YES_NO = sorted(question.id for question in KNOWN.intake.place_details if question.kind == "yes_no")


@pytest.mark.requirement("R002", "R054")
@pytest.mark.parametrize("value", [True, "not_sure"], ids=["yes", "not-sure"])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(("place", "detail", "flag", "level"), MAP_SIGNS, ids=lambda v: str(v))
def test_an_answer_on_the_body_map_is_a_warning_sign(place, detail, flag, level, side, value):
    path = f"body_map/{place}/{detail}"
    yes, no = said(path, value, SAID, side), said(path, False, AFTER, side)
    agreement = agreed(f"red_flags/{flag}", at=AFTER)
    for entries in ([yes], [yes, no], [yes, said(path, False, AFTER, "left"), said(path, False, AFTER, "right")]):
        decision = decide(answered(*entries), KNOWN, NOW)
        assert decision.level == level
        (reason,) = decision.stops
        assert (reason.case, reason.says) == (flag, FLAGS[flag].says)
        assert [(why.question, why.answer) for why in reason.because] == [(path, value)]
    assert may_have_a_permit(decide(answered(yes, agreement), KNOWN, NOW))
    assert not may_have_a_permit(decide(answered(yes, agreement, said(path, True, LATER, side)), KNOWN, NOW))
    assert may_have_a_permit(decide(answered(yes, taken_back(yes)), KNOWN, NOW))


@pytest.mark.parametrize("place", KNOWN.intake.places)
@pytest.mark.parametrize("detail", MAP_YES_NO)
def test_no_other_answer_on_the_body_map_is_a_warning_sign(place, detail):
    if (place, detail) in [case[:2] for case in MAP_SIGNS]:
        assert detail in KNOWN.intake.places[place].raises
        return
    side = "left" if KNOWN.intake.places[place].sided else None
    assert detail not in KNOWN.intake.places[place].raises
    assert may_have_a_permit(decide(answered(said(f"body_map/{place}/{detail}", True, SAID, side)), KNOWN, NOW))


def test_the_sign_and_the_place_that_says_the_same_are_one_stop_and_both_are_named():
    place = said("body_map/shin_calf/eases_standing", True, SAID, "left")
    sign = said("red_flags/calf_walk", True, AFTER)
    decision = decide(answered(place, sign), KNOWN, NOW)
    (reason,) = decision.stops
    assert {why.entry for why in reason.because} == {place.id, sign.id}
    early = agreed("red_flags/calf_walk", at=AFTER - timedelta(minutes=1))
    assert not may_have_a_permit(decide(answered(place, sign, early), KNOWN, NOW))
    assert may_have_a_permit(decide(answered(place, sign, agreed("red_flags/calf_walk", at=LATER)), KNOWN, NOW))


def test_a_stop_names_both_sides_that_were_answered_with_yes():
    path = "body_map/groin/gives_way"
    left, right = said(path, True, SAID, "left"), said(path, True, AFTER, "right")
    (reason,) = decide(answered(left, right), KNOWN, NOW).stops
    assert {why.entry for why in reason.because} == {left.id, right.id}


# ------------------------------------------------------------------------------------------------------- pregnancy


@pytest.mark.requirement("R054", "R096")
@pytest.mark.parametrize("path", PREGNANCY_SIGNS)
def test_a_sign_of_pregnancy_stays_when_the_person_is_pregnant_no_more(path):
    yes, over = said(path, True, SAID), said("intake/pregnant", "no", AFTER)
    decision = decide(answered(yes, over, changes=PREGNANT), KNOWN, NOW)
    assert path in {why.question for reason in decision.stops for why in reason.because}
    covers = {reason.clears for reason in decision.stops}
    assert None not in covers
    assert may_have_a_permit(decide(answered(yes, over, agreed(*covers, at=LATER), changes=PREGNANT), KNOWN, NOW))


@pytest.mark.parametrize("value", ["no", "birth_recent", None])
def test_who_is_not_pregnant_is_not_missed_an_answer_about_it(value):
    decision = decide(answered(changes={"intake/pregnant": value}), KNOWN, NOW)
    assert decision.missing == (() if value is not None else ("intake/pregnant",))


def test_who_is_pregnant_now_owes_all_the_answers_about_it():
    decision = decide(answered(said("intake/pregnant", "pregnant", NOW)), KNOWN, NOW)
    assert set(decision.missing) == set(PREGNANCY_SIGNS)
    assert len(decision.missing) == 10
    assert "incomplete" in [reason.case for reason in decision.stops]


@pytest.mark.parametrize(
    ("year", "month", "asked"),
    [(1966, 1, True), (1965, 6, True), (1965, 5, True), (1965, 4, False), (1950, 1, False)],
)
def test_pregnancy_is_asked_up_to_60(year, month, asked):
    changes = {**harmless(HARD_EFFORT_FROM), "intake/pregnant": LEFT_OUT}
    answers = [said(path, value) for path, value in changes.items() if value is not LEFT_OUT]
    decision = decide(fold([facts(birth_year=year, birth_month=month), *answers]), KNOWN, NOW)
    assert decision.missing == (("intake/pregnant",) if asked else ())


# ------------------------------------------------------------------------------------------- a fall sets poor balance

FALLS = ("sess_fall", "sess_fall_bad", "sess_fall_hurt")


@pytest.mark.requirement("R096", "R155")
@pytest.mark.parametrize("flag", FLAGS)
def test_a_fall_in_a_session_is_remembered_as_poor_balance_and_no_other_sign_is(flag):
    path = f"red_flags/{flag}"
    codes = {"BAL"} if flag in FALLS else set()
    yes, no = said(path, True, SAID), said(path, False, LATER)
    agreement = agreed(path, at=AFTER)
    for entries in ([yes], [yes, no], [yes, agreement], [yes, agreement, no]):
        decision = decide(answered(*entries), KNOWN, NOW)
        assert set(decision.cautions) == codes
        assert decision.may_start == (agreement in entries)
        for because in decision.cautions.values():
            assert [(why.question, why.answer, why.entry) for why in because] == [(path, True, yes.id)]
    assert decide(answered(yes, taken_back(yes)), KNOWN, NOW).cautions == {}
    assert decide(answered(no), KNOWN, NOW).cautions == {}


# ------------------------------------------------------------------------------------- who lifted what, on which day

#: Answers that stop, what an agreement must cover, and the questions it is told for.
TOLD = [
    pytest.param({"red_flags/ca_month": True}, "red_flags/ca_month", {"red_flags/ca_month"}, 40, id="sign"),
    pytest.param({"exclusions/joint_infection": True}, "exclusions/joint_infection", None, 40, id="exclusion"),
    pytest.param({"intake/conditions": ("thr",)}, "THR", {"intake/conditions"}, 40, id="code"),
    pytest.param(PREGNANT, "PREG", {"intake/pregnant"}, 40, id="pregnant"),
    pytest.param(
        follow_up("other_illness", 1),
        "readiness/other_illness",
        {"readiness/other_illness", "readiness/other_illness/1"},
        40,
        id="follow-up",
    ),
    pytest.param(IDLE, "readiness/age_70", {"profile/birth_year", "intake/active_now"}, 70, id="inactive-70"),
    pytest.param({"intake/rest_pain": 8.0}, "screening_signs/pain_or_marked", {"intake/rest_pain"}, 40, id="pain"),
    pytest.param(
        {"intake/daily_tasks": True}, "screening_signs/pain_or_marked", {"intake/daily_tasks"}, 40, id="tasks"
    ),
]


@pytest.mark.parametrize(("changes", "covers", "about", "age"), TOLD)
def test_a_decision_tells_what_an_agreement_lifted_by_whom_and_when(changes, covers, about, age):
    about = {covers} if about is None else about
    stopped = decide(answered(changes=changes, age=age), KNOWN, NOW)
    assert (stopped.may_start, stopped.lifted) == (False, ())
    agreement = agreed(covers)
    decision = decide(answered(agreement, changes=changes, age=age), KNOWN, NOW)
    assert decision.may_start
    assert {(one.given_by, one.given_on) for one in decision.lifted} == {("Dr Test", date(2026, 5, 1))}
    assert {why.question for one in decision.lifted for why in one.because} == about
    back = answered(agreement, taken_back(agreement), changes=changes, age=age)
    assert decide(back, KNOWN, NOW).lifted == ()


def test_an_agreement_to_what_was_never_said_lifted_nothing():
    decision = decide(answered(agreed("red_flags/ca_month", "THR", "PREG", "readiness/other_illness")), KNOWN, NOW)
    assert (decision.level, decision.lifted) == ("green", ())


def test_a_yes_after_the_agreement_is_not_told_as_lifted():
    path = "red_flags/ca_month"
    decision = decide(answered(said(path, True, SAID), agreed(path, at=AFTER), said(path, True, LATER)), KNOWN, NOW)
    assert (decision.level, decision.lifted) == ("before_start", ())


def test_of_two_stops_only_the_lifted_one_is_told():
    changes = {"red_flags/ca_month": True, "red_flags/ca_many": True}
    decision = decide(answered(agreed("red_flags/ca_many"), changes=changes), KNOWN, NOW)
    assert [reason.case for reason in decision.stops] == ["ca_month"]
    assert [why.question for one in decision.lifted for why in one.because] == ["red_flags/ca_many"]


@pytest.mark.parametrize(("age", "fact"), [(17, "guardian_agrees"), (16, "guardian_agrees"), (15, "clinician_linked")])
def test_a_stop_for_want_of_somebody_names_the_no_it_rests_on(age, fact):
    (reason,) = decide(answered(age=age, **{fact: False}), KNOWN, NOW).stops
    assert {why.question: why.answer for why in reason.because} == {
        "profile/birth_year": NOW.year - age,
        f"profile/{fact}": False,
    }


# ------------------------------------------------------------------------------------- what is missing or too old

NEEDED = list(harmless(HARD_EFFORT_FROM))
AGREED_PREGNANCY = (agreed("PREG", at=NOW),)


def needing(path: str) -> tuple[dict[str, Any], tuple[Entry, ...]]:
    """Return the answers and the agreement with which a person is asked a question."""
    return (PREGNANT, AGREED_PREGNANCY) if path in PREGNANCY_SIGNS else ({}, ())


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", [LEFT_OUT, None], ids=["never-asked", "skipped"])
@pytest.mark.parametrize("path", [*NEEDED, *PREGNANCY_SIGNS])
def test_a_safety_answer_that_is_not_there_allows_no_start(path, value):
    asked, later = needing(path)
    assert may_have_a_permit(decide(answered(*later, changes=asked, age=HARD_EFFORT_FROM), KNOWN, NOW))
    decision = decide(answered(*later, changes={**asked, path: value}, age=HARD_EFFORT_FROM), KNOWN, NOW)
    assert (decision.level, decision.missing) == ("incomplete", (path,))
    assert not may_have_a_permit(decision)


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", [LEFT_OUT, None], ids=["never-asked", "skipped"])
@pytest.mark.parametrize("path", DAILY)
def test_nobody_starts_who_has_never_said_how_they_are(path, value):
    decision = decide(answered(changes={path: value}), KNOWN, NOW)
    assert (decision.level, decision.missing) == ("incomplete", (path,))
    assert not may_have_a_permit(decision)


@pytest.mark.parametrize("value", [LEFT_OUT, None], ids=["never-asked", "skipped"])
@pytest.mark.parametrize("path", [path for name in TOPICS for path in calm(name) if path.count("/") == 2])
def test_a_follow_up_that_is_not_there_allows_no_start(path, value):
    name = path.split("/")[1]
    codes = TOPICS[name].cautions
    later = (agreed(*codes),) if codes else ()
    decision = decide(answered(*later, changes={**calm(name), path: value}), KNOWN, NOW)
    assert (decision.level, decision.missing) == ("incomplete", (path,))


@pytest.mark.parametrize("age", [7, 8, 15, 16])
def test_the_signs_of_a_childs_hip_are_missed_from_8_to_15(age):
    fields = {"guardian_agrees": True, "clinician_linked": True}
    state = answered(
        changes={f"red_flags/child_{name}": LEFT_OUT for name in ("limp", "pain", "foot")}, age=age, **fields
    )
    missing = {"red_flags/child_limp", "red_flags/child_pain", "red_flags/child_foot"} if 8 <= age <= 15 else set()
    assert set(decide(state, KNOWN, NOW).missing) == missing


@pytest.mark.parametrize("path", [path for path in [*NEEDED, *PREGNANCY_SIGNS] if path not in DAILY])
def test_a_safety_answer_of_more_than_a_year_ago_counts_no_more(path):
    asked, later = needing(path)
    old = {**asked, path: LEFT_OUT}
    value = {**harmless(HARD_EFFORT_FROM), **PREGNANCY_SIGNS}[path]
    stale = answered(*later, said(path, value, LONG_AGO), changes=old, age=HARD_EFFORT_FROM)
    assert decide(stale, KNOWN, NOW).missing == (path,)
    fresh = answered(*later, said(path, value, NOW - YEAR), changes=old, age=HARD_EFFORT_FROM)
    assert may_have_a_permit(decide(fresh, KNOWN, NOW))


@pytest.mark.parametrize("path", DAILY)
def test_what_is_asked_every_day_is_never_too_old(path):
    value = harmless()[path]
    old = answered(said(path, value, LONG_AGO), changes={path: LEFT_OUT})
    assert may_have_a_permit(decide(old, KNOWN, NOW))
    stops = {"intake/unwell_today": (True, "unwell"), "intake/rest_pain": (6.0, "pain_or_marked")}
    bad, case = stops[path]
    (reason,) = decide(answered(said(path, bad, LONG_AGO), changes={path: LEFT_OUT}), KNOWN, NOW).stops
    assert reason.case == case
    assert may_have_a_permit(decide(answered(said(path, bad, SAID), said(path, value, AFTER)), KNOWN, NOW))


@pytest.mark.parametrize("path", harmless())
def test_a_change_of_health_is_over_when_every_question_was_answered_again(path):
    changed = said("intake/health_changed", True, SAID)
    again = {one: said(one, value, AFTER) for one, value in harmless().items()}
    assert decide(answered(changed), KNOWN, NOW).level == "rescreen"
    without = [entry for one, entry in again.items() if one != path]
    assert may_have_a_permit(decide(answered(changed, *without), KNOWN, NOW)) == (path in DAILY)
    again = list(again.values())
    assert decide(answered(changed, *again), KNOWN, NOW).level == "green"


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", [False, None], ids=["no", "skipped"])
def test_a_later_no_does_not_undo_a_change_of_health(value):
    changed, no = said("intake/health_changed", True, SAID), said("intake/health_changed", value, AFTER)
    decision = decide(answered(changed, no), KNOWN, NOW)
    assert not may_have_a_permit(decision)
    assert decision.level == "rescreen"


def test_taking_a_change_of_health_back_undoes_it():
    changed = said("intake/health_changed", True, SAID)
    assert decide(answered(changed, taken_back(changed)), KNOWN, NOW).level == "green"


def test_an_old_warning_sign_stops_for_ever():
    yes = said("red_flags/ca_weight", True, NOW - 5 * YEAR)
    assert decide(answered(yes), KNOWN, NOW).level == "same_day"


#: Every yes-no question of the safety part: only yes, no and unsure are answers to it.
YES_NO_PATHS = [
    path
    for path in [*NEEDED, *PREGNANCY_SIGNS, "readiness/medicines/0"]
    if isinstance(harmless(HARD_EFFORT_FROM).get(path, True), bool)
]


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", ["yes", 0.0, ("yes",)], ids=repr)
@pytest.mark.parametrize("path", YES_NO_PATHS)
def test_what_is_neither_yes_nor_no_nor_unsure_is_no_answer(path, value):
    asked, later = needing(path)
    asked = {**asked, **(calm("medicines") if path == "readiness/medicines/0" else {}), path: value}
    decision = decide(answered(*later, changes=asked, age=HARD_EFFORT_FROM), KNOWN, NOW)
    assert path in decision.missing
    assert not may_have_a_permit(decision)


# --------------------------------------------------------------------- what closes tests and training for the moment


@pytest.mark.requirement("R054", "R155")
@pytest.mark.parametrize("value", [True, False, "not_sure"])
def test_a_test_that_was_stopped_closes_everything_until_somebody_tells_what_happened(value):
    before, stop = said("red_flags/sess_chest", False, SAID), stopped_test("sts5", AFTER)
    for entries in ([stop], [before, stop]):
        decision = decide(answered(*entries), KNOWN, NOW + 40 * DAY)
        assert (decision.level, may_have_a_permit(decision)) == ("hold", False)
        (reason,) = decision.stops
        assert (reason.rule, reason.case, reason.clears) == ("stop_signs", "unexplained", None)
        assert [(why.question, why.answer, why.entry) for why in reason.because] == [("tests/sts5", "stopped", stop.id)]
        assert "Please say what happened" in reason.says
        assert stopped_unexplained(answered(*entries)) == reason.because[0]
    told = answered(stop, said("red_flags/sess_chest", value, LATER))
    assert stopped_unexplained(told) is None
    assert decide(told, KNOWN, NOW).level == ("green" if value is False else "emergency")
    again = stopped_test("walk10", LAST)
    reopened = answered(stop, said("red_flags/sess_chest", False, LATER), again)
    assert [why.entry for reason in decide(reopened, KNOWN, NOW).stops for why in reason.because] == [again.id]
    assert may_have_a_permit(decide(answered(stop, taken_back(stop)), KNOWN, NOW))


@pytest.mark.parametrize("value", [None, "yes", 0.0], ids=repr)
def test_what_is_no_answer_does_not_tell_what_happened(value):
    state = answered(stopped_test("sts5", AFTER), said("red_flags/sess_chest", value, LATER))
    assert not may_have_a_permit(decide(state, KNOWN, NOW))


@pytest.mark.parametrize("why", ["skipped", "caution"])
def test_a_test_that_was_only_left_out_closes_nothing(why):
    state = answered(stopped_test("sts5", AFTER, why))
    assert stopped_unexplained(state) is None
    assert may_have_a_permit(decide(state, KNOWN, NOW))


def test_of_two_stopped_tests_the_last_is_named_and_told_at_the_same_moment_is_told():
    first, last = stopped_test("walk10", SAID), stopped_test("sts5", AFTER)
    assert getattr(stopped_unexplained(answered(last, first)), "entry", None) == last.id
    between = answered(first, last, said("red_flags/sess_chest", False, AFTER - timedelta(minutes=1)))
    assert getattr(stopped_unexplained(between), "entry", None) == last.id
    assert stopped_unexplained(answered(first, last, said("red_flags/sess_chest", False, AFTER))) is None


@pytest.mark.requirement("R054")
@pytest.mark.parametrize(
    ("entries", "closed"),
    [
        pytest.param([hurts(6.0)], True, id="six"),
        pytest.param([hurts(10.0, NOW.replace(hour=0, minute=0))], True, id="since-midnight"),
        pytest.param([hurts(8.0), hurts(1.0, place="ankle")], True, id="little-elsewhere"),
        pytest.param([hurts(5.0)], False, id="five"),
        pytest.param([hurts(9.0, NOW.replace(hour=23, minute=59) - DAY)], False, id="yesterday"),
        *(
            pytest.param([hurts(9.0, when=when)], False, id=when)
            for when in ("at_rest", "during", "after", "next_morning", "worst_week")
        ),
    ],
)
def test_strong_pain_right_now_closes_the_day(entries, closed):
    decision = decide(answered(*entries), KNOWN, NOW)
    assert (decision.level, may_have_a_permit(decision)) == (("hold", False) if closed else ("green", True))
    assert names(decision.stops) == (("pain_colours/red_high",) if closed else ())
    for reason in decision.stops:
        strong = [(f"pain/{one.body.place}", one.body.score, one.id) for one in entries if one.body.score > 5]
        assert [(why.question, why.answer, why.entry) for why in reason.because] == strong
        assert (reason.clears, reason.actions) == (None, ("skip_session",))
        assert "Rest today" in reason.says
    assert may_have_a_permit(decide(answered(*entries, *map(taken_back, entries)), KNOWN, NOW))
    assert may_have_a_permit(decide(answered(*entries), KNOWN, NOW + DAY))


@pytest.mark.requirement("R054")
@pytest.mark.parametrize(
    ("kind", "closed"),
    [
        *((kind, True) for kind in ("answers", "clearance", "incident", "profile", "retraction")),
        *((kind, False) for kind in ("measure", "session", "walk", "from_tomorrow")),
    ],
)
def test_what_a_newer_version_wrote_about_safety_closes_everything(kind, closed):
    entry = unreadable(kind, NOW - 400 * DAY)
    state = answered(entry)
    assert state.unread == (entry,)
    decision = decide(state, KNOWN, NOW)
    assert (decision.level, may_have_a_permit(decision)) == (("hold", False) if closed else ("green", True))
    assert names(decision.stops) == (("readiness/unread",) if closed else ())
    for reason in decision.stops:
        assert [(why.question, why.entry) for why in reason.because] == [(f"unread/{kind}", entry.id)]
        assert reason.clears is None
        assert "newer version" in reason.says


def test_no_agreement_lifts_what_closes_the_moment():
    every = ("stop_signs/unexplained", "tests/sts5", "pain_colours/red_high", "pain/knee", "readiness/unread")
    entries = [stopped_test(at=SAID), hurts(9.0, SAID), unreadable("answers", SAID)]
    decision = decide(answered(*entries, agreed(*every, *(f"red_flags/{name}" for name in FLAGS))), KNOWN, NOW)
    assert names(decision.stops) == ("pain_colours/red_high", "readiness/unread", "stop_signs/unexplained")
    assert decision.lifted == ()


def test_the_most_urgent_reason_comes_first():
    changes = {"red_flags/ca_many": True, "red_flags/chest_pain": True, "red_flags/nerve_leg": True, **UNWELL}
    decision = decide(answered(changes=changes), KNOWN, NOW)
    stops = [reason.level for reason in decision.stops]
    assert stops == ["emergency", "same_day", "before_start", "hold"]
    assert [reason.level for reason in decision.reasons] == sorted(
        (reason.level for reason in decision.reasons), key=LEVELS.index
    )


# --------------------------------------------------------------------------------------- what no answers can do

AGES = (7, 8, 15, 16, 17, 18, 40, 45, 46, 69, 70, 90)
YES_NO = (True, False, "not_sure", None)
FOLLOW_UPS = [path for name in TOPICS for path in calm(name) if path.count("/") == 2]
ASKED = {question.id: question for section in KNOWN.intake.sections for question in section.questions}
CONDITIONS = sorted(ASKED["conditions"].options)
QUESTIONS: dict[str, st.SearchStrategy[Any]] = {
    **{f"red_flags/{name}": st.sampled_from(YES_NO) for name in FLAGS},
    **{f"exclusions/{name}": st.sampled_from(YES_NO) for name in EXCLUSIONS},
    **{f"readiness/{name}": st.sampled_from(YES_NO) for name in TOPICS},
    **{path: st.sampled_from(YES_NO) for path in FOLLOW_UPS},
    **{f"intake/{name}": st.sampled_from(YES_NO) for name in ("unwell_today", "active_now", "daily_tasks")},
    **{f"intake/{name}": st.sampled_from(YES_NO) for name in ("hard_effort_used", "hard_effort_planned")},
    **{f"body_map/{place}/{detail}": st.sampled_from(YES_NO) for place, detail, _, _ in MAP_SIGNS},
    "intake/health_changed": st.sampled_from(YES_NO),
    "intake/pregnant": st.sampled_from(("no", "pregnant", "birth_recent", None)),
    "intake/fell_lately": st.sampled_from(("no", "once", "twice_or_more", None)),
    "intake/rest_pain": st.sampled_from((0.0, 1.0, 5.0, 6.0, 10.0, None)),
    "intake/conditions": st.lists(st.sampled_from(CONDITIONS), unique=True, max_size=3).map(tuple),
}
COVERS = sorted({name for _, names in LIFTED.values() for name in names} | {f"readiness/{name}" for name in TOPICS})
RATINGS = st.sampled_from((0.0, 5.0, 6.0, 10.0))
DAYS = st.sampled_from((0, 1, 2, 30, 364, 370, 800))


@st.composite
def told(draw: st.DrawFn) -> list[Entry]:
    """Return a harmless intake, and answers, agreements and retractions of random people at random times."""
    at = NOW - DAY * draw(DAYS) - timedelta(minutes=90)
    fields = {"guardian_agrees": draw(st.booleans()), "clinician_linked": draw(st.booleans())}
    asked = draw(st.sampled_from(({}, {}, PREGNANT)))
    entries = intake(asked, age=draw(st.sampled_from(AGES)), at=at, **fields)
    for path in draw(st.lists(st.sampled_from(sorted(QUESTIONS)), max_size=6)):
        entries.append(said(path, draw(QUESTIONS[path]), NOW - DAY * draw(DAYS) - timedelta(minutes=60)))
    for covers in draw(st.lists(st.sampled_from(COVERS), max_size=3)):
        entries.append(agreed(covers, at=NOW - DAY * draw(DAYS) - timedelta(minutes=30)))
    days, more = DAY * draw(DAYS), draw(st.lists(st.sampled_from(("stopped", "pain", "unread")), max_size=2))
    made = {"stopped": stopped_test, "pain": partial(hurts, draw(RATINGS)), "unread": partial(unreadable, "answers")}
    entries.extend(made[what](at=NOW - days - timedelta(minutes=20)) for what in more)
    if draw(st.booleans()) and len(entries) > 2:
        entries.append(taken_back(draw(st.sampled_from(entries[2:])), NOW - timedelta(minutes=10)))
    return entries


def open_signs(state: State) -> set[str]:
    """Return the warning signs and exclusions with a yes that no agreement came after, told anew from the journal."""
    on_the_map = {f"body_map/{place}/{detail}": f"red_flags/{flag}" for place, detail, flag, _ in MAP_SIGNS}
    found = set()
    for (path, _), answers in state.answers.items():
        key = on_the_map.get(path, path)
        for one in answers:
            agreements = [entry for entry in state.clearances if key in entry.body.covers and entry.at > one.at]
            if key.startswith(("red_flags/", "exclusions/")) and one.value in (True, "not_sure") and not agreements:
                found.add(path)
    return found


@settings(max_examples=150, deadline=None)
@given(told())
def test_no_permit_past_a_stop(entries):
    state = fold(entries)
    decision = decide(state, KNOWN, NOW)
    stopped = [reason for reason in decision.reasons if reason.level in STOPS]
    assert may_have_a_permit(decision) == (not stopped)
    assert list(decision.stops) == stopped
    assert decision.level == min((reason.level for reason in decision.reasons), key=LEVELS.index)
    signs = {why.question for reason in decision.stops for why in reason.because}
    assert open_signs(state) <= signs
    stop, told_of = state.latest("tests/sts5"), state.latest("red_flags/sess_chest")
    unexplained = stop is not None and (told_of is None or told_of.at < stop.at)
    strong = any(one.at.date() == NOW.date() and one.body.score > 5 for one in state.pain)
    for case, holds in (("unexplained", unexplained), ("red_high", strong), ("unread", bool(state.unread))):
        assert (case in {reason.case for reason in stopped}) == holds
    if open_signs(state) or decision.missing or unexplained or strong or state.unread:
        with pytest.raises(StoppedError):
            Permit(decision)


@settings(max_examples=150, deadline=None)
@given(told(), st.sampled_from(sorted(FLAGS)), st.sampled_from((True, "not_sure")))
def test_one_more_warning_sign_never_lowers_the_level(entries, flag, value):
    before = decide(fold(entries), KNOWN, NOW)
    after = decide(fold([*entries, said(f"red_flags/{flag}", value, NOW)]), KNOWN, NOW)
    assert rank(after) <= rank(before)
    assert rank(after) <= LEVELS.index(FLAGS[flag].level)
    assert flag_paths(before) | {flag} == flag_paths(after)


@settings(max_examples=100, deadline=None)
@given(told(), st.lists(st.sampled_from(sorted(FLAGS)), min_size=1, max_size=5, unique=True), st.integers(0, 700))
def test_a_no_never_lifts_a_warning_sign_in_any_journal(entries, flags, days):
    before = decide(fold(entries), KNOWN, NOW)
    later = [said(f"red_flags/{flag}", False, NOW + DAY * days) for flag in flags]
    after = decide(fold([*entries, *later]), KNOWN, NOW + DAY * days)
    assert flag_paths(after) == flag_paths(before)


@settings(max_examples=100, deadline=None)
@given(told(), st.sets(st.sampled_from(NEEDED), min_size=1, max_size=4), st.sampled_from((LEFT_OUT, None)))
def test_missing_answers_never_allow_a_start(entries, paths, value):
    start = intake(dict.fromkeys(paths, value), age=50)
    others = [entry for entry in entries[2:] if not paths & {answer.question for answer in given_in(entry)}]
    decision = decide(fold([*start, *others]), KNOWN, NOW)
    assert paths <= set(decision.missing)
    assert not may_have_a_permit(decision)


@settings(max_examples=60, deadline=None)
@given(told(), st.sets(st.sampled_from(sorted(PREGNANCY_SIGNS)), min_size=1), st.sampled_from((LEFT_OUT, None)))
def test_a_pregnant_person_never_starts_without_the_answers_about_it(entries, paths, value):
    start = intake({**PREGNANT, **dict.fromkeys(paths, value)}, age=30)
    others = [one for one in entries[2:] if not {*paths, "intake/pregnant"} & {a.question for a in given_in(one)}]
    decision = decide(fold([*start, *others, *AGREED_PREGNANCY]), KNOWN, NOW)
    assert paths <= set(decision.missing)
    assert not may_have_a_permit(decision)


def given_in(entry: Entry) -> tuple[Any, ...]:
    return getattr(entry.body, "given", ())


@settings(max_examples=100, deadline=None)
@given(told(), st.lists(st.sampled_from(CONDITIONS), max_size=4, unique=True), st.sampled_from(CONDITIONS))
def test_one_more_caution_never_removes_one(entries, chosen, more):
    first = [*entries, said("intake/conditions", tuple(chosen), NOW - timedelta(minutes=5))]
    before = decide(fold(first), KNOWN, NOW)
    both = tuple(dict.fromkeys((*chosen, more)))
    after = decide(fold([*first, said("intake/conditions", both, NOW)]), KNOWN, NOW)
    assert set(before.cautions) | {more.upper()} == set(after.cautions)


SETS_CODES = [
    *(f"exclusions/{name}" for name in EXCLUSIONS),
    *(f"readiness/{name}" for name in TOPICS),
    *FOLLOW_UPS,
]


@settings(max_examples=100, deadline=None)
@given(told(), st.sampled_from(SETS_CODES), st.sampled_from((True, "not_sure")))
def test_one_more_yes_never_removes_a_caution(entries, path, value):
    before = decide(fold(entries), KNOWN, NOW)
    after = decide(fold([*entries, said(path, value, NOW)]), KNOWN, NOW)
    assert set(before.cautions) <= set(after.cautions)


@settings(max_examples=100, deadline=None)
@given(told(), st.integers(0, 10_000))
def test_the_order_in_which_entries_arrive_changes_nothing(entries, seed):
    mixed = [*entries, *entries[1:4]]
    random.Random(seed).shuffle(mixed)
    assert decide(fold(mixed), KNOWN, NOW) == decide(fold(entries), KNOWN, NOW)


@settings(max_examples=100, deadline=None)
@given(told())
def test_every_reason_names_what_it_rests_on(entries):
    state = fold(entries)
    decision = decide(state, KNOWN, NOW)
    known_ids = {entry.id for entry in entries}
    for reason in decision.reasons:
        assert bool(reason.because) == (reason.case != "incomplete"), reason
        assert {why.entry for why in reason.because} <= known_ids
        assert reason.says
    for because in decision.cautions.values():
        assert because


def test_nobody_starts_on_an_empty_journal():
    decision = decide(fold([]), KNOWN, NOW)
    assert (decision.level, may_have_a_permit(decision)) == ("incomplete", False)
    born = decide(fold([person(40)]), KNOWN, NOW)
    assert born.level == "incomplete"
    assert set(born.missing) == set(harmless())
