"""Why it exists: what a person answers, row by row of the safety rules, and what must be decided."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from levelstride.journal.entry import Entry
from levelstride.screening.decision import LEVELS, Decision, Permit, StoppedError
from tests.screening.support import (
    ANSWERED,
    EXCLUSIONS,
    FLAGS,
    HARD_EFFORT_FROM,
    KNOWN,
    NOW,
    PREGNANT,
    TOPICS,
    agreed,
    calm,
    follow_up,
    harmless,
    hurts,
    intake,
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


#: Place and detail of the body map -> the warning sign that a yes is, and its level.
MAP_SIGNS = [
    ("groin", "gives_way", "hip_gives_way", "before_start"),
    ("hip_side", "gives_way", "hip_gives_way", "before_start"),
    ("buttock", "gives_way", "hip_gives_way", "before_start"),
    ("shin_calf", "eases_standing", "calf_walk", "same_day"),
]


# ------------------------------------------------------------------------------------- what is missing or too old

NEEDED = list(harmless(HARD_EFFORT_FROM))
AGREED_PREGNANCY = (agreed("PREG", at=NOW),)


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
