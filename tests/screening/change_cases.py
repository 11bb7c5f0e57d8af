"""Why it exists: what several tests of change share."""

from levelstride.screening.change import (
    Change,
    compare,
)
from levelstride.screening.series import Series
from tests.screening.results import (
    KNOWN,
    by_points,
    point,
)


def told(series: Series, **options: bool) -> Change:
    change = compare(series, KNOWN, None, **options)
    assert change is not None
    return change


def pair(
    test: str,
    before: float,
    now: float,
    error: float,
    *,
    days: float = 28,
    source: str = "published",
    twice: bool = False,
) -> Change:
    """Compare two results; ``twice``: the first was the same on a second day, so the own days are known.

    Their part in the error, sqrt(2 / 3) x 2.77 errors, is less than that of the two results, 2.77 errors.
    """
    one, two = point(before, error, source=source), point(now, error, day=days, source=source)
    again = (point(before, error, day=3, source=source),) if twice else ()
    return told(by_points(test, one, *again, two))


# Every condition that must agree, with two answers that do not; the test is done by hand.
COMPARED = {
    "chair30": {"arms": ("crossed", "used_hands"), "chair_height": ("usual", "lower")},
    "glute_feel": {"sore": ("not_sore", "sore"), "training": ("before", "after")},
    "lateral_step_down_q": {
        "step_height": ("usual", "low"),
        "support": ("no_hand", "fingers"),
        "seen_by": ("video", "mirror"),
    },
    "pain_now": {"place": ("knee", "groin"), "body_side": ("left", "right")},
    "pain_walk": {"route": ("usual", "other"), "aid": ("none", "stick")},
    "plank_hold": {"knees": ("straight", "on_knees")},
    "side_bridge": {"knees": ("straight", "on_knees")},
    "side_lying_abd_hold": {"wall": ("at_wall", "no_wall")},
    "sl_bridge_reps": {"form": ("floor", "box"), "metronome": ("with_beat", "own_pace")},
    "sl_squat_quality": {
        "support": ("no_hand", "hand"),
        "seen_by": ("video", "helper"),
        "footwear": ("barefoot", "shoes"),
    },
    "sls_ec": {"support": ("no_hand", "hand"), "footwear": ("barefoot", "shoes")},
    "sls_eo": {"support": ("no_hand", "hand"), "footwear": ("barefoot", "shoes")},
    "speed_at_rpe": {"effort": ("four", "other"), "stops": ("none", "long"), "route": ("usual", "other")},
    "squat_screen": {"form": ("squat", "chair_stand"), "seen_by": ("video", "own_view")},
    "sts5": {"arms": ("crossed", "used_hands"), "chair_height": ("usual", "higher")},
    "thomas": {"pelvis_held": ("held", "not_sure"), "read_with": ("photo", "app")},
    "trendelenburg_seen": {"seen_by": ("mirror", "helper"), "support": ("fingers", "no_hand")},
    "walk10": {"course": ("ten_metres", "four_metres"), "aid": ("none", "stick")},
    "walk6min": {"lap": ("thirty", "short"), "aid": ("stick", "frame")},
    "wblt": {"heel_stayed": ("stayed", "lifted"), "footwear": ("barefoot", "shoes")},
}
#: What is only noted.
NOTED = {
    ("glute_feel", "bridge_felt"),
    ("pain_now", "time_of_day"),
    ("pain_walk", "pain_kind"),
    ("side_bridge", "ended_by"),
    ("side_lying_abd_hold", "ended_by"),
    ("sl_bridge_hold", "ended_by"),
    ("trendelenburg_seen", "hip_pain"),
    ("walk6min", "rested"),
}


RECORDED = {
    "footwear": ("barefoot", "shoes"),
    "walking_aid": ("none", "stick"),
    "surface": ("floor", "grass"),
    "treadmill": ("no", "yes"),
    "picture": ("1080x1920 60", "720x1280 30"),
}


# The person's own activities.


THREE = ("shop", "stairs", "walk")
