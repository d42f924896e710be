"""The order of solving, and the plans to start from, follow from the changes alone."""

import hypothesis.strategies as st
from hypothesis import given

from optimizer.study.neighbours import LAG, LANDMARKS, STARTS, order_of_starts


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


def test_after_the_landmarks_each_case_starts_from_the_nearest_before_it() -> None:
    changes = [{"demand.scale": 1 + i / 100} for i in range(40)]
    order = order_of_starts(changes)
    before: list[int] = []
    for place, (i, starts) in enumerate(order):
        if place >= LANDMARKS:
            assert abs(i - starts[0]) == min(abs(i - other) for other in before) == 1
        before.append(i)
