"""Random instances from all families: explaining agrees with solving, and repairs work."""

from math import inf
from typing import Any

from hypothesis import event, given
from pydantic import ValidationError

from models.instance import Instance
from optimizer.explain import explain_with
from optimizer.options import resolve
from optimizer.solve import Tools
from tests.explain.checks import repairs_have_plans
from tests.properties.common import SEEDS, examples
from tests.properties.strategies import instances
from tests.properties.together import Raw, short, switched
from tests.small import optimum


def firm(raw: Raw) -> Raw:
    """The instance with demand that must be served, where somebody may serve it."""
    works: dict[str, Any] = {
        k: {name: value for name, value in work.items() if name != "shortfall_price_usd_per_mtok"}
        for k, work in raw["workloads"].items()
    }
    asked = raw | {"workloads": works}
    try:
        Instance.model_validate(asked)
    except ValidationError:
        return raw
    return asked


def check_explained(tools: Tools, raw: Raw, seed: int) -> None:
    inst = Instance.model_validate(firm(switched(short(raw), seed)))
    has_plan = optimum(inst) < inf
    event(f"has a plan: {has_plan}")
    told = explain_with(tools.crew, (), inst, resolve(inst, threads=1), repairs=2)

    assert told.status == ("feasible" if has_plan else "infeasible")
    if not has_plan:
        assert told.minimal
        assert told.conflict
        event(f"repairs: {len(told.repairs)}")
        repairs_have_plans(inst, told)


def test_explaining_agrees_with_solving(tools: Tools) -> None:
    @examples(6)
    @given(instances(), SEEDS)
    def check(raw: Raw, seed: int) -> None:
        check_explained(tools, raw, seed)

    check()
