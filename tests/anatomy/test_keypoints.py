"""Why it exists: alias tables must lose nothing, and mirroring a name must undo itself."""

import pytest

from levelstride.anatomy.keypoints import (
    ALIASES,
    BLAZEPOSE_33,
    COCO_17,
    HALPE_26,
    OPENPOSE_25,
    from_names,
    other_side,
    to_names,
)


@pytest.mark.parametrize("convention", sorted(ALIASES))
def test_alias_tables_are_lossless(convention: str) -> None:
    labels = list(ALIASES[convention])
    names = to_names(labels, convention)
    assert len(set(names)) == len(labels)
    assert from_names(names, convention) == labels


def test_sizes_and_shared_names() -> None:
    assert (len(BLAZEPOSE_33), len(HALPE_26), len(COCO_17), len(OPENPOSE_25)) == (33, 26, 17, 25)
    assert to_names(["left_foot_index"], "blazepose_33") == ["left_big_toe"]
    assert to_names(["LBigToe", "MidHip"], "openpose_25") == ["left_big_toe", "hip"]
    assert to_names(["RTIO"], "plug_in_gait") == ["right_ankle"]


@pytest.mark.parametrize("name", [*BLAZEPOSE_33, *HALPE_26])
def test_other_side_is_its_own_inverse(name: str) -> None:
    assert other_side(other_side(name)) == name
    assert (other_side(name) == name) == ("left" not in name and "right" not in name)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="convention|Expected one of"):
        to_names(["nose"], "nonsense")
    with pytest.raises(ValueError, match="tail"):
        to_names(["tail"], "coco_17")
    with pytest.raises(ValueError, match="head"):
        from_names(["head"], "coco_17")
