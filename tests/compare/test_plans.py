"""Two plans side by side: moves, the cost waterfall, limits, and what the gaps leave open."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from optimizer import Comparison, Plan, PlanError, compare, solve
from optimizer.compare.limits import limit_changes
from optimizer.compare.moves import shifts
from optimizer.compare.waterfall import waterfall
from optimizer.compare.words.moved import move_lines
from tests.small import SHORT, demands, tiny, twins, years


@pytest.fixture(scope="module")
def base() -> Plan:
    # 5 units of 10 Mtok/s serve 50 Mtok/s: 5 · 40 = 200 MUSD.
    return solve(tiny())


@pytest.fixture(scope="module")
def dearer() -> Plan:
    # A unit costs 50 instead of 40, and demand is 120: 10 units fit the grid (10 · 2.5 = 25 MW),
    # 20 Mtok/s are short. 10 · 50 + 20 · 315.36 = 6807.2 MUSD.
    return solve(tiny().with_changes({"unit_types.gen1.capex_musd": 50, "demand.scale": 2.4}))


def steps(comparison: Comparison) -> dict[str, tuple[float, float, float]]:
    """Change, the data's part and the plan's part of each term that changes."""
    rows = comparison.waterfall.set_index("term")[["change_musd", "data_musd", "plan_musd"]]
    return {str(t): tuple(row) for t, row in rows.iterrows() if any(row)}  # type: ignore[misc]


def test_the_waterfall_adds_up_by_term_and_by_cause(base: Plan, dearer: Plan) -> None:
    found = compare(base, dearer)

    # Units: 500 − 200 = 300. The old plan at the new price: 5 · 10 = 50; five units more: 250.
    # Shortfall: 20 · 315.36, all of it because demand is more than fits.
    assert found.difference_musd == pytest.approx(300 + 20 * SHORT)
    assert steps(found) == {
        "unit_capex": pytest.approx((300, 50, 250)),
        "shortfall": pytest.approx((20 * SHORT, 0, 20 * SHORT)),
    }
    places = found.contributors[["term", "place", "change_musd"]].to_numpy().tolist()
    assert places == [
        ["unit_capex", "oslo", pytest.approx(300)],
        ["shortfall", "2027", pytest.approx(20 * SHORT)],
    ]


def test_moves_and_limits_and_inputs(base: Plan, dearer: Plan) -> None:
    found = compare(base, dearer)

    assert found.moves.to_dict("records") == [
        {"what": "units", "site": "oslo", "unit_type": "gen1", "period_before": "",
         "period_after": "2027", "units": 5, "it_mw": 10.0}
    ]  # fmt: skip
    changed = found.limits.set_index("limit")["change"].to_dict()
    assert changed == {"site_power": "binds now", "halls": "binds now"}
    assert found.limits["use_before"].tolist() == [12.5, 10.0]
    assert found.limits["allowed_after"].tolist() == [25.0, 20.0]
    assert [line.path for line in found.folded_inputs] == [
        "unit_types.gen1.capex_musd",
        "demand.norway.chat.public.2027-01-01.mtok_s",
    ]
    assert compare(dearer, base).limits["change"].tolist() == ["no longer binds"] * 2
    short = found.service.to_dict("records")[0]
    assert short["short_after"] == pytest.approx(20 * 31.536)


def limit(use: float, allowed: float, binds: bool) -> pd.DataFrame:
    amounts = {"use": use, "allowed": allowed, "slack": allowed - use, "binds": binds}
    return pd.DataFrame(
        [{"limit": "site_power", "at": "x", "period": "2028", "unit": "MW"} | amounts]
    )


@pytest.mark.parametrize(
    ("use", "allowed", "changes"),
    [
        # 0.5 % of 360 MW are 1.8 MW, of 362 MW 1.81 MW.
        (359.78, 360, []),
        (361.4, 361.8, []),
        (359.70, 362, ["binds now"]),
        (361.6, 362, ["binds now"]),
    ],
)
def test_a_limit_with_practically_the_same_use_tells_no_difference(
    use: float, allowed: float, changes: list[str]
) -> None:
    found = limit_changes(limit(359.70, 360, False), limit(use, allowed, True))
    assert found["change"].tolist() == changes
    assert found["slack_after"].tolist() == pytest.approx([allowed - use] * len(changes))


def test_limits_say_what_is_left(base: Plan, dearer: Plan) -> None:
    # 5 and 10 units of 2.5 MW at the meter and 2 MW in the halls, of 25 MW and 20 MW.
    text = compare(base, dearer).in_words()
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "site power oslo now 2027 12.5 of 25.0 MW 0 of 25.0 MW" in lines
    assert "halls oslo now 2027 10.0 of 20.0 MW 0 of 20.0 MW" in lines
    assert "a limit binds when less is left than one more unit takes" in lines


def test_costs_and_moves_are_told_in_plain_words(base: Plan, dearer: Plan) -> None:
    text = compare(base, dearer).in_words()
    for words in (
        "Why the cost differs (before → after; MUSD, discounted)",
        "largest part",
        "same plan, new data: what the plan before costs more at the prices after",
        "plan changed: the rest",
        "Tokens served and short, by workload (Ttok)",
        "shortfall_ttok (all workloads)",
    ):
        assert words in text
    assert max(map(len, text.splitlines())) <= 100


def test_halls_are_told_in_mw(base: Plan) -> None:
    blocks = {"site": "oslo", "period": "2027", "blocks": 3, "ordered_mw": 6.0, "hall_mw": 26.0}
    more = replace(base, tables={**base.tables, "halls": pd.DataFrame([blocks])})
    # A block is 4 MW.
    assert "12.0 MW of halls (3 blocks)" in "\n".join(move_lines(compare(base, more)))
    unknown = compare(replace(base, instance=None), replace(more, instance=None))
    assert "halls (3 blocks)" in "\n".join(move_lines(unknown))


def test_a_plan_against_itself(base: Plan) -> None:
    found = compare(base, base)

    assert found.difference_musd == 0.0
    assert found.open_musd is None
    assert all(table.empty for table in (found.inputs, found.moves, found.limits))
    text = found.in_words()
    assert "none: both plans cost the same" in text
    assert "Inputs: no difference" in text


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"2028Q1": 12}, {"2028Q3": 12}, [("2028Q1", "2028Q3", 12)]),
        ({"2027": 10, "2028": 5}, {"2027": 5, "2028": 10}, [("2027", "2028", 5)]),
        (
            {"2027": 2, "2028": 2},
            {"2029": 3},
            [("2027", "2029", 2), ("2028", "2029", 1), ("2028", "", 1)],
        ),
        ({}, {"2029": 3, "2028": 1}, [("", "2028", 1), ("", "2029", 3)]),
        # Periods of other lengths that start on the same day are the same time.
        ({"2027": 4}, {"2027Q1": 4}, []),
    ],
)
def test_shifts(before: Any, after: Any, expected: list[tuple[str, str, int]]) -> None:
    assert list(shifts(before, after)) == expected


def test_a_later_opening_is_a_move() -> None:
    """Nairobi's own demand, by law served there, comes a year later."""
    early, late = (
        solve(
            twins(
                horizon=years(3),
                finance={"discount_rate_per_year": 0.05},
                sites={"nairobi": {"open_cost_musd": 1}},
                data_classes={"health": {"compute": ["HOME"]}},
                demand=demands(("kenya", "health", 2027, rate), ("kenya", "health", 2028, 10)),
            )
        )
        for rate in (10, 0)
    )
    rows = compare(early, late).moves.to_dict("records")

    told = {(row["what"], row["site"], row["period_before"], row["period_after"]) for row in rows}
    # Shortfall is dear, so all is built when the demand begins; money is cheaper later, so no
    # earlier.
    assert told == {(what, "nairobi", "2027", "2028") for what in ("site", "halls", "units")}
    assert rows[0]["what"] == "site"


def test_no_split_where_the_first_plan_has_no_meaning(base: Plan) -> None:
    longer = solve(tiny().with_changes({"horizon.count": 2}))
    steps = compare(base, longer).waterfall

    assert steps["data_musd"].isna().all()
    assert steps["change_musd"].sum() == pytest.approx(longer.objective_musd - base.objective_musd)


def test_a_waterfall_that_does_not_add_up_is_refused(base: Plan, dearer: Plan) -> None:
    wrong = replace(dearer, costs_musd={**dearer.costs_musd, "energy": 5.0})
    with pytest.raises(PlanError, match="do not add up"):
        compare(base, wrong)
    assert waterfall(base, dearer, None, None)["data_musd"].isna().all()


def test_terms_that_are_not_known_get_a_step(base: Plan, dearer: Plan) -> None:
    more = replace(
        dearer,
        costs_musd={**dearer.costs_musd, "noise": 7.0},
        objective_musd=dearer.objective_musd + 7.0,
    )
    steps = compare(base, more).waterfall.set_index("term")["change_musd"]
    assert steps["noise"] == 7.0
    assert list(steps.index)[-1] == "noise"


def test_a_difference_within_the_gaps_is_called_so(base: Plan) -> None:
    costs = {**base.costs_musd, "energy": 12.0}
    near = replace(base, objective_musd=212.0, bound_musd=180.0, costs_musd=costs)
    found = compare(base, near)

    # The least costs are 200, and between 180 and 212.
    assert found.open_musd == pytest.approx((-20, 12))
    assert "the difference of 12.0 MUSD is within what the two gaps leave open" in found.in_words()
    assert compare(base, replace(near, bound_musd=205.0)).open_musd is None


def test_where_there_is_no_plan_the_inputs_are_still_compared(base: Plan) -> None:
    # Everything must be served, but only ten units fit.
    hard = {"workloads.chat.shortfall_price_usd_per_mtok.remove": True, "demand.scale": 3}
    inst = tiny().with_changes(hard)
    none = solve(inst)
    found = compare(base, none)

    assert none.status == "infeasible"
    assert (found.has_plans, found.difference_musd) == (False, None)
    assert found.waterfall.empty
    assert len(found.folded_inputs) == 2
    assert "infeasible: no plan exists" in found.in_words()


def test_an_unknown_instance_is_no_difference_of_inputs(base: Plan, dearer: Plan) -> None:
    found = compare(base, replace(dearer, instance=None))

    assert not found.inputs_known
    assert "Inputs: not known" in found.in_words()
    # By pool and period instead of by site: no pool here, so the period alone.
    assert found.contributors["place"].unique().tolist() == ["2027"]
