"""Why it exists: the body map - places, sides and what each one opens."""

from datetime import timedelta

import pytest

from levelstride.journal.bodies import AnswerValue
from levelstride.journal.state import fold
from levelstride.screening.questions import (
    Item,
)
from levelstride.screening.safety import decide
from tests.screening.question_walks import PLACES, SPANS, aged, ids, paths, walk
from tests.screening.support import (
    KNOWN,
    NOW,
    said,
)

# ------------------------------------------------------------------------------------------------ places and sides


@pytest.mark.requirement("R002")
def test_the_body_map_covers_back_hip_knee_and_ankle_and_asks_what_gives_way(walks):
    seen, _ = walks["40, yes to everything"]
    marked = next(page.items[0] for page in seen if page.id == "body_map")
    assert {"low_back", "hip_side", "groin", "buttock", "knee", "ankle"} <= set(marked.options)
    for place in marked.options:
        sides = ("left", "right") if PLACES[place].sided else (None,)
        found = [item for page in seen for item in page.items if item.path == f"body_map/{place}/gives_way"]
        assert [item.side for item in found] == list(sides)
        for name in ("severity", "duration", "brought_on", "eases_standing", "gives_way"):
            asked = [item for page in seen for item in page.items if item.path == f"body_map/{place}/{name}"]
            assert [(item.side, item.optional, item.about) for item in asked] == [
                (side, False, PLACES[place].label) for side in sides
            ]
    severity = next(item for page in seen for item in page.items if item.path == "body_map/ankle/severity")
    assert severity.kind == "rating"
    assert "may be linked" in marked.asks
    assert "caused by" not in marked.asks
    assert not PLACES["low_back"].sided


@pytest.mark.requirement("R002")
@pytest.mark.parametrize(
    ("answer", "sides"), [("left", ["left"]), ("right", ["right"]), ("both", ["left", "right"])], ids=lambda v: str(v)
)
def test_a_side_is_kept_with_every_answer_about_a_place(answer, sides):
    seen, written = walk(aged(40, places=("knee",), side=answer, severity=7.0))
    state = fold(written)
    expected = ["body_map", "body_map/knee/side", *(f"body_map/knee/{side}" for side in sides)]
    assert [page for page in ids(seen) if page.startswith("body_map")] == expected
    for side in ("left", "right", None):
        given = state.latest("body_map/knee/severity", side)
        assert (None if given is None else given.value) == (7.0 if side in sides else None)
    assert state.value("body_map/knee/side") == answer


#: What brings it on -> what the page of the place asks when it comes back.
OPENED = [
    ((), []),
    (("sitting", "stairs", "other"), []),
    (("running",), ["onset_distance_m", "onset_minutes"]),
    (("walking",), ["onset_distance_m", "onset_minutes", "eases_standing"]),
    (("sitting", "walking", "running"), ["onset_distance_m", "onset_minutes", "eases_standing"]),
]


@pytest.mark.requirement("R002", "R158")
@pytest.mark.parametrize("place", ["knee", "low_back"])
@pytest.mark.parametrize(("brought_on", "opened"), OPENED, ids=lambda v: "-".join(v) or "nothing")
def test_what_brings_it_on_opens_when_it_starts_on_the_same_page(place, brought_on, opened):
    answers = aged(40, places=(place,), side="both", brought_on=brought_on, onset_distance_m=400.0)
    seen, written = walk(answers)
    sides = ("left", "right") if PLACES[place].sided else (None,)
    for side in sides:
        found = [page for page in seen if page.id == f"body_map/{place}/{side or 'middle'}"]
        first, *back = [[item.path.rsplit("/", 1)[1] for item in page.items] for page in found]
        assert first == ["severity", "duration", "brought_on", "gives_way", "kind"]
        assert back == ([opened] if opened else [])
        assert {item.side for page in found for item in page.items} == {side}
        assert found[0].title == found[-1].title
        distance = fold(written).value(f"body_map/{place}/onset_distance_m", side)
        assert distance == (400.0 if opened else None)


@pytest.mark.requirement("R002", "R158")
def test_a_place_asks_how_long_and_what_brings_it_on(walks):
    items = {item.path: item for page in walks["40, yes to everything"][0] for item in page.items}
    for place in PLACES:
        since, why = items[f"body_map/{place}/duration"], items[f"body_map/{place}/brought_on"]
        assert (since.kind, tuple(since.options), since.optional) == ("one", SPANS, False)
        assert (why.kind, why.none_of_these, why.optional) == ("several", "Nothing special", False)
        distance, minutes = items[f"body_map/{place}/onset_distance_m"], items[f"body_map/{place}/onset_minutes"]
        assert [(item.unit, item.optional) for item in (distance, minutes)] == [("m", True), ("min", True)]
    assert not [path for path in items if path.endswith("duration_weeks")]


def test_a_change_of_mind_about_what_brings_it_on_asks_only_what_it_opens():
    _, written = walk(aged(40, places=("knee",), side="both", brought_on=("running",)))
    later = NOW + timedelta(minutes=1)
    again, _ = walk(aged(40), [*written, said("body_map/knee/brought_on", ("walking",), later, "right")], later)
    assert [(page.id, paths([page])) for page in again] == [("body_map/knee/right", ["body_map/knee/eases_standing"])]


def test_the_side_that_walking_brings_on_is_the_only_one_asked_further():
    def uneven(item: Item) -> AnswerValue:
        if item.path == "body_map/shin_calf/brought_on":
            return ("walking",) if item.side == "right" else ("stairs",)
        if item.path == "body_map/shin_calf/eases_standing":
            return True
        return aged(40, places=("shin_calf",), side="both")(item)

    seen, written = walk(uneven)
    eases = [(item.path, item.side) for page in seen for item in page.items if item.path.endswith("eases_standing")]
    assert eases == [("body_map/shin_calf/eases_standing", "right")]
    assert [reason.case for reason in decide(fold(written), KNOWN, NOW).stops] == ["calf_walk"]


def test_a_place_in_the_middle_has_no_side():
    seen, written = walk(aged(40, places=("low_back",), severity=4.0))
    assert "body_map/low_back/middle" in ids(seen)
    assert "body_map/low_back/side" not in paths(seen)
    assert fold(written).value("body_map/low_back/severity") == 4.0


def test_a_change_of_mind_about_the_side_asks_only_the_new_side():
    _, written = walk(aged(40, places=("knee",), side="left"))
    later = NOW + timedelta(minutes=1)
    again, _ = walk(aged(40), [*written, said("body_map/knee/side", "both", later)], later)
    assert ids(again) == ["body_map/knee/right"]


def test_the_answers_of_two_sides_stay_apart():
    def uneven(item: Item) -> AnswerValue:
        if item.path == "body_map/ankle/severity":
            return 8.0 if item.side == "left" else 2.0
        if item.path == "body_map/ankle/gives_way":
            return item.side == "right"
        return aged(40, places=("ankle",), side="both")(item)

    state = fold(walk(uneven)[1])
    assert (state.value("body_map/ankle/severity", "left"), state.value("body_map/ankle/severity", "right")) == (8, 2)
    assert (state.value("body_map/ankle/gives_way", "left"), state.value("body_map/ankle/gives_way", "right")) == (
        False,
        True,
    )
