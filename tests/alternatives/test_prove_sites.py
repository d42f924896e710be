"""Sites that are proven to be in all plans within the cost, or in none, by hand."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from models.instance import Instance
from optimizer import Alternatives, alternatives, verify
from optimizer.alternatives import looking, nearby, questions, search
from optimizer.alternatives.decided import Decided
from optimizer.highs import Crew
from optimizer.options import resolve
from optimizer.search import Result
from tests.small import NAIROBI, demands, tiny, twins

DEMAND = demands(("norway", "public", 2027, 20))
"""Two units: 80 MUSD in Oslo, where there are halls for all."""


def dear_halls(**changes: Any) -> Instance:
    # A unit of 2 MW in Nairobi needs a hall of 2 MW for 10 MUSD: 90 with one each, 100 with two.
    return twins(demand=DEMAND, sites={"nairobi": {"hall_block_mw": 2}}, **changes)


def told(found: Alternatives, *columns: str) -> Mapping[str, Any]:
    """Columns of the table of sites, by site."""
    return found.sites.set_index("site")[list(columns)].T.to_dict("list")


def test_a_site_that_no_plan_does_without_is_proven_a_must_have() -> None:
    # At most 88 MUSD. Without Oslo 100, with Nairobi 90: no plan does otherwise in either.
    found = alternatives(dear_halls(), within=0.1, differ=2, prove_sites=True)

    assert told(found, "role", "proven") == {
        "oslo": ["must have", True],
        "nairobi": ["never", True],
    }
    assert len(found.plans) == 1


def test_roles_of_the_plans_found_alone_are_not_called_proven() -> None:
    found = alternatives(dear_halls(), within=0.1, differ=2)

    assert told(found, "role", "proven") == {
        "oslo": ["must have", False],
        "nairobi": ["never", False],
    }


def test_a_site_that_no_plan_had_is_found_to_be_a_choice() -> None:
    # At most 96 MUSD: Nairobi beside Oslo is 90, and differs from Oslo alone in one site only.
    inst = dear_halls()
    found = alternatives(inst, within=0.2, differ=2, prove_sites=True)

    assert found.ended == "no more"
    assert told(found, "role", "proven", "otherwise") == {
        "oslo": ["must have", True, ""],
        "nairobi": ["choice", True, "01"],
    }
    other = found.sites.set_index("site")["cost_otherwise_musd"]
    assert np.isnan(other["oslo"])
    assert other["nairobi"] == pytest.approx(90)
    assert found.table["answers"].tolist() == ["", "with nairobi"]
    assert found.table["differs_least"].tolist() == [0, 1]
    assert found.plans[1].verified
    assert verify(inst, found.plans[1]).passed
    assert found.plans[1].bound_musd == pytest.approx(80)


def test_a_site_that_all_plans_had_is_found_to_be_a_choice() -> None:
    # 0.15 USD per Mtok: 1 Mtok/s not served costs 315.36 · 0.15 / 10 = 4.7304 MUSD, all 20 of them
    # 94.608: within 96. A unit in Nairobi with a hall for 20 leaves 10 short: 60 + 47.304 is not.
    cheap = {"chat": {"shortfall_price_usd_per_mtok": 0.15}}
    found = alternatives(
        twins(demand=DEMAND, workloads=cheap), within=0.2, differ=2, prove_sites=True
    )

    assert told(found, "role", "proven") == {"oslo": ["choice", True], "nairobi": ["never", True]}
    assert found.table["answers"].tolist() == ["", "without oslo"]
    assert found.sites["cost_otherwise_musd"][0] == pytest.approx(94.608)


def test_of_a_site_that_units_cannot_be_ordered_for_nothing_is_asked() -> None:
    # Gen1 may not go to Kenya.
    inst = twins(demand=DEMAND, unit_types={"gen1": {"barred": ["KE"]}})
    found = alternatives(inst, within=0.1, differ=2, prove_sites=True)

    assert told(found, "role", "proven") == {
        "oslo": ["must have", True],
        "nairobi": ["never", True],
    }


def four_sites() -> Instance:
    """Two units at four sites; what a first hall costs is what makes them differ."""
    # One place alone: 80 in Oslo, 85 in Nairobi, 90 in Bergen, 100 in Luxor; any two cost between.
    place = NAIROBI | {"hall_block_mw": 2}
    halls = {"nairobi": 1.25, "bergen": 2.5, "luxor": 5}
    sites = {s: place | {"hall_capex_musd_per_mw": musd} for s, musd in halls.items()}
    return twins(demand=DEMAND, sites=sites)


def test_one_core_or_two_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    # At most 92: Oslo 80, Nairobi 85, Bergen 90, Oslo and Luxor 90; differing in four sites: none.
    monkeypatch.setattr(questions, "PACK", 3)
    one, two = (
        alternatives(four_sites(), within=0.15, differ=4, prove_sites=True, threads=n)
        for n in (1, 2)
    )

    assert set(one.sites["role"]) == {"choice"}
    assert (one.table["answers"] != "").sum() >= 2
    pd.testing.assert_frame_equal(one.sites, two.sites)
    pd.testing.assert_frame_equal(one.table, two.table)
    for name in ("orders", "halls", "flows"):
        for a, b in zip(one.plans, two.plans, strict=True):
            pd.testing.assert_frame_equal(a.table(name), b.table(name))


def test_the_site_asked_about_is_free_in_every_look_near_a_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # With one site free on either side at first, Luxor, the dearest, would not be one of them.
    monkeypatch.setattr(nearby, "SPARE", 0)
    look, asked = nearby._try, set()

    def looked(
        crew: Any, best: Any, ground: Any, plan: Any, plans: Any, free: Any, how: Any
    ) -> Any:
        decided = best.matrix.lower == best.matrix.upper
        about = {s for s, column in ground.columns.items() if decided[column]}
        asked.update(about)
        assert about <= free
        return look(crew, best, ground, plan, plans, free, how)

    monkeypatch.setattr(nearby, "_try", looked)
    found = alternatives(four_sites(), within=0.15, differ=4, prove_sites=True)

    assert set(found.sites["role"]) == {"choice"}
    assert asked


def test_a_question_without_an_answer_in_time_is_not_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nothing = Result("unknown", None, None)
    monkeypatch.setattr(search, "look_for", lambda *_, **__: nothing)
    found = alternatives(dear_halls(), within=0.1, differ=2, prove_sites=True)

    assert found.ended == "stopped"
    assert told(found, "role", "proven") == {
        "oslo": ["must have", False],
        "nairobi": ["never", False],
    }


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupt_keeps_what_is_known(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(looking, "_relaxed_bound", interrupted)
    found = alternatives(dear_halls(), within=0.1, differ=2, prove_sites=True, threads=threads)

    assert found.ended == "interrupted"
    assert len(found.plans) == 1
    assert not found.sites["proven"].any()


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupt_between_searches_keeps_the_plans(
    monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Decided, "added_to", interrupted)
    found = alternatives(dear_halls(), within=0.1, differ=2, prove_sites=True, threads=threads)

    assert found.ended == "interrupted"
    assert len(found.plans) == 1


@pytest.mark.parametrize(
    ("cost", "bound", "status"),
    [
        # Figures of 90 MUSD that differ by less than 90 · 1e-7 = 9e-6 are the same to the solver.
        (None, 90 + 1e-6, "unknown"),
        (None, 90 + 1e-4, "infeasible"),
        (90 + 1e-6, 90 + 1e-6, "found"),
        (90 + 1e-4, 90 + 1e-4, "infeasible"),
        (90 + 1e-4, 80, "unknown"),
    ],
)
def test_what_is_above_the_most_by_tolerances_alone_is_within_it_and_proves_nothing(
    cost: float | None, bound: float, status: str
) -> None:
    inst, first = tiny(), cast(Any, SimpleNamespace(bound_musd=80))
    asked = search.Search(Crew(), (), inst, resolve(inst), 90, first, None, None)
    compiled: Any = SimpleNamespace(matrix=SimpleNamespace(value=lambda _: cost))
    x = None if cost is None else np.zeros(1)
    told = Result("unknown" if x is None else "found", x, bound)
    assert asked._within(compiled, told).result.status == status


def test_a_plan_that_does_not_answer_its_question_is_told() -> None:
    tables = {"orders": pd.DataFrame({"site": ["oslo"], "units": [2]})}
    assert list(Decided("oslo", taken=True).broken(tables)) == []
    assert list(Decided("oslo", taken=False).broken(tables)) == [
        "the plan orders units for oslo, but was to be one without oslo"
    ]
