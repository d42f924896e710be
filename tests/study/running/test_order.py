"""The order of solving, and the plans to start from, follow from the changes alone."""

from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given

from optimizer.options import resolve
from optimizer.study.folder import StudyFolder
from optimizer.study.neighbours import LAG, LANDMARKS, STARTS, order_of_starts
from optimizer.study.queue import Queue
from tests.small import tiny
from tests.study.faults.drills import study_of


def test_no_case() -> None:
    assert order_of_starts([]) == []


def test_the_case_with_the_fewest_changes_comes_first_then_the_farthest() -> None:
    """Settings 0, 4, 1, 3 on a line; the base has none, which counts as the lever's neutral 0.

    Farthest from 0 is 4; then 1 and 3 are equally far (1) from what is there, so the earlier one.
    3 is nearest to 4.
    """
    changes = [{}, *({"demand.add": value} for value in (4.0, 1.0, 3.0))]
    assert [(i, starts[:1]) for i, starts in order_of_starts(changes)] == [
        (0, ()),
        (1, (0,)),
        (2, (0,)),
        (3, (1,)),
    ]


def test_a_scale_that_is_missing_counts_as_one() -> None:
    changes = [{"demand.scale": 0.5}, {"x.y": "other"}, {"demand.scale": 1.0, "x.y": "other"}]
    nearest = {i: starts[:1] for i, starts in order_of_starts(changes)}
    assert nearest[2] == (1,)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["a.scale", "b.add", "c"]),
            st.one_of(st.floats(-5, 5), st.sampled_from(["x", "y"])),
        ),
        max_size=60,
    )
)
def test_every_case_once_and_only_after_the_cases_that_it_starts_from(
    changes: list[dict[str, object]],
) -> None:
    order = order_of_starts(changes)
    position = {i: place for place, (i, _) in enumerate(order)}

    assert sorted(position) == list(range(len(changes)))
    for place, (_, starts) in enumerate(order):
        assert bool(starts) == (place > 0)
        assert len(set(starts)) == len(starts) <= STARTS
        assert all(position[start] < place for start in starts)
        assert all(position[start] <= place - LAG for start in starts[1:])


def test_a_long_chain_of_cases_without_a_plan_leads_back_to_one_that_has_one(
    tmp_path: Path,
) -> None:
    """1,500 cases, each started from the one before it; only the first has a plan."""
    cases = {f"{i}": {"demand.scale": 1 + i / 1000} for i in range(1500)}
    study = study_of(tiny(), cases)
    folder = StudyFolder.create(tmp_path, study, {name: name for name in cases})
    queue = Queue(folder, dict.fromkeys(cases, resolve(tiny(), 0.1, None, 1, 0)), cold=False)
    with queue:
        queue._starts = {name: [str(int(name) - 1)] if int(name) else [] for name in cases}
        queue._decided = lambda key: {"orders": [["oslo", 1]]} if key == "0" else {}
        assert queue._plans_for("1499") == [{"orders": [["oslo", 1]]}]
        assert queue._plans_for("0") == []


def test_after_the_landmarks_each_case_starts_from_the_nearest_before_it() -> None:
    changes = [{"demand.scale": 1 + i / 100} for i in range(40)]
    order = order_of_starts(changes)
    before: list[int] = []
    for place, (i, starts) in enumerate(order):
        if place >= LANDMARKS:
            assert abs(i - starts[0]) == min(abs(i - other) for other in before) == 1
        before.append(i)
