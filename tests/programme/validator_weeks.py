"""Why it exists: one broken rule per line - a sound week, what is changed in it, and the rule that must be found."""

from dataclasses import replace

from levelstride.journal.bodies import Pain
from levelstride.journal.state import Fact
from levelstride.programme.model import Breaks, Event, WalkPart, Why
from levelstride.screening.decision import Decision
from tests.programme.validator_support import (
    BOTH,
    CLAM,
    DAY,
    HOPS,
    KNOWN,
    LONG_AGO,
    MONDAY,
    NOW,
    ONE_LEG,
    SPLIT,
    SQUAT,
    WEEK,
    Change,
    World,
    a_move,
    a_session,
    a_week,
    an_order,
    caution,
    decided,
    did,
    easy_extra,
    hard_day,
    hopping,
    logged,
    reason,
    with_doses,
)

BROKEN: list[tuple[str, World, Change, tuple[str, str]]] = [
    # who may start, and with what
    ("a caution removes a demand", WEEK, lambda w: w.says(conditions=("knee_oa",)), ("cautions", "KNEE_OA")),
    ("a caution of the decision alone", WEEK, lambda w: replace(w, decision=caution("PFP")), ("cautions", "PFP")),
    (
        "a caution in the version without equipment alone",
        World(a_week(sessions=(a_session(MONDAY, a_move("tempo_hinge"), a_move("side_lying_adduction")),))),
        lambda w: w.first(bare=(*w.programme.sessions[0].bare, SQUAT)).says(conditions=("pfp",)),
        ("cautions", "PFP"),
    ),
    (
        "a caution in the short version alone",
        World(a_week(sessions=(a_session(MONDAY, a_move("tempo_hinge"), a_move("side_lying_adduction")),))),
        lambda w: w.first(short=(with_doses(SQUAT, sets=2),)).says(conditions=("pfp",)),
        ("cautions", "PFP"),
    ),
    ("a code without the agreement it needs", WEEK, lambda w: w.says(conditions=("thr",)), ("cautions", "THR")),
    (
        "a decision that stops",
        WEEK,
        lambda w: replace(w, decision=decided("emergency", reason("red_flags", "ce_saddle", "emergency"))),
        ("red_flags", "ce_saddle"),
    ),
    (
        "answers that are missing",
        WEEK,
        lambda w: replace(w, decision=Decision("incomplete", (), {}, ("intake/pregnant",))),
        ("phases", "not_clear"),
    ),
    (
        "a heavy load that is closed",
        WEEK,
        lambda w: replace(
            w.swap("tempo_hinge", a_move("hip_thrust_load", amount=8)),
            decision=decided("limit", reason("age_limits", "teen", "limit", "block_heavy_load")),
        ),
        ("age_limits", "teen"),
    ),
    (
        "hard effort that is closed, in a walk",
        WEEK,
        lambda w: replace(
            w.first(walk=WalkPart(minutes=20, effort="hills")),
            decision=decided("limit", reason("readiness", "age_45_vigorous", "limit", "block_vigorous")),
        ),
        ("readiness", "age_45_vigorous"),
    ),
    (
        "hills before their phase",
        WEEK,
        lambda w: w.first(walk=WalkPart(minutes=20, effort="hills")),
        ("phases", "stay"),
    ),
    # equipment
    (
        "equipment nobody has",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("goblet_squat")).says(equipment=("mini_band",)),
        ("less_equipment", "missing_item"),
    ),
    (
        "equipment that is lacking today",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("goblet_squat")).person(
            overrides=(an_order("without", "dumbbells", by="user", reason=None),)
        ),
        ("less_equipment", "missing_item"),
    ),
    (
        "a version without equipment that needs some",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("goblet_squat"), version="bare"),
        ("less_equipment", "missing_item"),
    ),
    (
        "a load without anything to load with",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", load_kg=5.0)),
        ("less_equipment", "missing_item"),
    ),
    # phase and dose
    (
        "a move of a later phase",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("reverse_lunge", phase="P3")),
        ("phases", "stay"),
    ),
    (
        "a first-control move as strength",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("fire_hydrant", phase="P1")),
        ("phases", "stay"),
    ),
    (
        "an unknown move",
        WEEK,
        lambda w: w.swap("bw_squat", SQUAT.model_copy(update={"exercise": "x"})),
        ("own_choices", "unknown"),
    ),
    ("too many sets", WEEK, lambda w: w.swap("bw_squat", a_move("bw_squat", sets=4)), ("programme", "dose")),
    ("too many repetitions", WEEK, lambda w: w.swap("bw_squat", a_move("bw_squat", amount=13)), ("programme", "dose")),
    ("a top above the range", WEEK, lambda w: w.swap("bw_squat", a_move("bw_squat", top=15)), ("programme", "dose")),
    (
        "a hold that is too long",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", hold_s=30)),
        ("programme", "dose"),
    ),
    (
        "more than any dose may be",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", amount=41)),
        ("limits", "most_repetitions"),
    ),
    (
        "another unit than the library",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", counts="seconds")),
        ("programme", "counts"),
    ),
    (
        "one side alone",
        WEEK,
        lambda w: w.swap("clamshell", a_move("clamshell", "activation", "P1", sides=("left",))),
        ("programme", "sides"),
    ),
    (
        "a side on a move of both legs",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", sides=BOTH)),
        ("programme", "sides"),
    ),
    (
        "one side much more than the other",
        WEEK,
        lambda w: w.swap(
            "tempo_hinge",
            SPLIT.model_copy(update={"doses": (SPLIT.doses[0].model_copy(update={"sets": 1}), SPLIT.doses[1])}),
        ),
        ("programme", "sides"),
    ),
    (
        "hard work called easy",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", hard=False)),
        ("weekly_volume", "daily_ok"),
    ),
    (
        "an effort stated too low",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", rpe=(2, 4))),
        ("programme", "effort"),
    ),
    (
        "an effort above the library",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", rpe=(8, 9))),
        ("programme", "effort"),
    ),
    (
        "sets to failure",
        WEEK,
        lambda w: w.swap("bw_squat", a_move("bw_squat", rir=(0, 2))),
        ("first_weeks", "to_failure"),
    ),
    ("effort above the cap of the first weeks", WEEK, lambda w: w.week(week=2), ("first_weeks", "over_cap")),
    (
        "too little in reserve in the first weeks",
        WEEK,
        lambda w: w.week(week=1).swap("bw_squat", a_move("bw_squat", rpe=(4, 5), rir=(2, 3))),
        ("first_weeks", "to_failure"),
    ),
    # the week
    ("a session outside the week", WEEK, lambda w: w.first(day=MONDAY - DAY), ("programme", "days")),
    ("two sessions with one id", WEEK, lambda w: w.first(id=w.programme.sessions[1].id), ("programme", "days")),
    (
        "two full sessions on one day",
        WEEK,
        lambda w: w.week(
            sessions=(*w.programme.sessions, hard_day(MONDAY, a_move("side_lying_abd", "activation", "P1")))
        ),
        ("twice_daily", "too_hard"),
    ),
    (
        "too many sessions in the week",
        WEEK,
        lambda w: w.week(
            sessions=tuple(
                a_session(MONDAY + n * DAY, a_move("clamshell", "activation", "P1"), a_move("heel_raise"), id=f"s{n}")
                for n in range(5)
            )
        ),
        ("phases", "stay"),
    ),
    (
        "too many moves in a session",
        WEEK,
        lambda w: w.swap(
            "clamshell",
            *(a_move(name, "activation", "P1") for name in ("clamshell", "glute_bridge", "standing_hip_abd")),
        ),
        ("phases", "stay"),
    ),
    (
        "hard work for one muscle on the next day",
        WEEK,
        lambda w: w.week(sessions=(a_session(MONDAY, SQUAT), a_session(MONDAY + DAY, SQUAT))),
        ("weekly_volume", "gap_short"),
    ),
    (
        "hard work the day after hard work that was done",
        WEEK,
        lambda w: w.person(sets=(did("bw_squat", back=1, rpe=6.0),)),
        ("weekly_volume", "gap_short"),
    ),
    (
        "hard work the day after work of unknown effort",
        WEEK,
        lambda w: w.person(sets=(did("bw_squat", back=1, rpe=None),)),
        ("weekly_volume", "gap_short"),
    ),
    (
        "more hard sets than a week may add",
        WEEK,
        lambda w: replace(w.swap("clamshell", a_move("step_up", sets=3)), before=(a_week(MONDAY - 7 * DAY),)),
        ("weekly_volume", "too_fast"),
    ),
    ("no short version", WEEK, lambda w: w.first(short=()), ("less_equipment", "short")),
    (
        "a short version that is not short",
        WEEK,
        lambda w: w.first(short=(SQUAT.model_copy(update={"seconds": 601}),)),
        ("less_equipment", "short"),
    ),
    ("a short version with many sets", WEEK, lambda w: w.first(short=(SQUAT,)), ("less_equipment", "short")),
    ("no version without equipment", WEEK, lambda w: w.first(bare=()), ("less_equipment", "missing_item")),
    ("longer than the person has", WEEK, lambda w: w.says(minutes_per_session=9.0), ("week_plan", "time_short")),
    ("minutes that are not those of the moves", WEEK, lambda w: w.first(minutes=12), ("programme", "minutes")),
    (
        "no move on one leg",
        ONE_LEG,
        lambda w: w.first(moves=(SQUAT,), minutes=2, short=(), bare=(SQUAT,)),
        ("week_plan", "one_leg"),
    ),
    (
        "no move on one leg without equipment",
        ONE_LEG,
        lambda w: w.first(bare=(SQUAT,)),
        ("week_plan", "one_leg"),
    ),
    (
        "hard work in an easy session",
        WEEK,
        lambda w: w.week(sessions=(*w.programme.sessions, easy_extra(SQUAT))),
        ("weekly_volume", "daily_ok"),
    ),
    (
        "a block that a short session does not have",
        WEEK,
        lambda w: w.week(sessions=(*w.programme.sessions, easy_extra(a_move("ankle_rock", "prep")))),
        ("session_shape", "full"),
    ),
    (
        "twice a day that nobody asked for",
        WEEK,
        lambda w: w.week(sessions=(*w.programme.sessions, *(easy_extra(CLAM, id=f"e{n}") for n in range(2)))),
        ("twice_daily", "allowed"),
    ),
    (
        "twice a day while an answer is missing",
        WEEK,
        lambda w: w.week(sessions=(*w.programme.sessions, *(easy_extra(CLAM, id=f"e{n}") for n in range(2)))).person(
            sets=(did("clamshell", back=1, rpe=3.0, pain=None),),
            overrides=(an_order("choose", "twice_daily", True, by="user", reason=None),),
        ),
        ("twice_daily", "not_green"),
    ),
    ("a phase that was left out", WEEK, lambda w: w.week(phase="P4"), ("phases", "stay")),
    ("a first week of strength", WEEK, lambda w: replace(w.week(week=1), before=()), ("phases", "stay")),
    (
        "hard sets two days before the event",
        WEEK,
        lambda w: w.week(event=Event(name="walk", day=MONDAY + 5 * DAY, part="event_week")),
        ("event_plan", "event_week"),
    ),
    (
        "an event the programme forgot",
        WEEK,
        lambda w: w.person(
            overrides=(an_order("choose", "event", {"name": "x", "day": "2026-06-03"}, by="user", reason=None),)
        ),
        ("event_plan", "event_week"),
    ),
    (
        "breaks too close together",
        WEEK,
        lambda w: w.week(breaks=Breaks(every_min=15, walk_min=(1, 3), chair_stands=(5, 10))),
        ("sitting_breaks", "prompt"),
    ),
    (
        "a cue about the body that should have faded",
        WEEK,
        lambda w: w.swap(
            "bw_squat", a_move("bw_squat", cue=KNOWN.exercises["bw_squat"].cues.internal[0], cue_every=1)
        ).person(sets=tuple(did("bw_squat", back=back) for back in (9, 7, 5))),
        ("cue_fading", "half"),
    ),
    # a practitioner
    (
        "a move that a practitioner left out",
        WEEK,
        lambda w: w.person(overrides=(an_order("forbid", "bw_squat"),)),
        ("own_choices", "forbidden"),
    ),
    (
        "a phase that a practitioner closed",
        WEEK,
        lambda w: w.person(overrides=(an_order("gate", "P2", "closed"),)),
        ("own_choices", "gate_set"),
    ),
    (
        "a pin without a reason",
        WEEK,
        lambda w: w.swap(
            "bw_squat", SQUAT.model_copy(update={"why": (Why(rule="own_choices", case="pinned"),)})
        ).person(overrides=(an_order("pin", "bw_squat", reason=" "),)),
        ("own_choices", "no_reason"),
    ),
    (
        "a pin against a health answer",
        WEEK,
        lambda w: w.person(overrides=(an_order("pin", "bw_squat"),)).says(conditions=("pfp",)),
        ("cautions", "PFP"),
    ),
    # hops
    ("hops before their phase", HOPS, lambda w: w.week(phase="P4"), ("plyometric_gate", "closed")),
    ("hops that nobody asked for", HOPS, lambda w: w.person(overrides=()), ("plyometric_gate", "closed")),
    ("hops without an age", HOPS, lambda w: w.person(profile={}), ("plyometric_gate", "excluded")),
    (
        "hops at 17",
        HOPS,
        lambda w: w.person(profile={"birth_year": Fact(2009, LONG_AGO, "p")}),
        ("plyometric_gate", "excluded"),
    ),
    ("hops with poor balance", HOPS, lambda w: w.says(conditions=("bal",)), ("plyometric_gate", "excluded")),
    (
        "hops with a code nobody agreed to",
        HOPS,
        lambda w: w.says(conditions=("ham",)),
        ("plyometric_gate", "ask_clinician"),
    ),
    (
        "hops after pain in the groin",
        HOPS,
        lambda w: w.person(pain=(logged(Pain(place="groin", score=1, when="after"), NOW - 20 * DAY),)),
        ("plyometric_gate", "excluded"),
    ),
    (
        "hops after pain in the week",
        HOPS,
        lambda w: w.person(sets=(did("clamshell", back=4, rpe=3.0, pain=2.0),)),
        ("plyometric_gate", "closed"),
    ),
    ("hops after three steady weeks", HOPS, lambda w: replace(w, before=w.before[1:]), ("plyometric_gate", "closed")),
    (
        "too many landings to begin with",
        HOPS,
        lambda w: hopping(w, sets=3, amount=10, times=2),
        ("plyometric_gate", "open"),
    ),
    (
        "hops three times a week",
        HOPS,
        lambda w: hopping(w, sets=1, amount=8, times=3),
        ("plyometric_gate", "closed"),
    ),
]
