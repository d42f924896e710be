"""`plan.plot`: the charts of a report as Altair figures, for notebooks and documents."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from models.problems import did_you_mean
from optimizer.errors import PlanError
from optimizer.report.contents import figures
from optimizer.report.figure import Figure
from optimizer.report.pictures import MISSING, standalone
from optimizer.report.reading import Reading

if TYPE_CHECKING:
    from optimizer.plan.plan import Plan


class Plots:
    """The charts of a plan: one method for each, with the names of `dir(plan.plot)`.

    `plan.plot.timeline()` gives an `altair.Chart`, which notebooks show and which `save('x.png')`,
    `save('x.svg')` write. Charts with a choice take it: `plan.plot.power('SITE')`.
    """

    def __init__(self, plan: "Plan") -> None:
        """The charts of a plan, which are made when they are asked for."""
        self._plan = plan

    @cached_property
    def _figures(self) -> dict[str, Figure]:
        drawn = figures(Reading.of(self._plan)).items()
        return {key.replace("-", "_"): one for key, one in drawn if one.chart is not None}

    def __dir__(self) -> list[str]:
        return list(self._figures)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._figures:
            known = f"no chart is called '{name}'; there are: {', '.join(self._figures)}."
            raise AttributeError(known + did_you_mean(name, list(self._figures)))
        figure = self._figures[name]

        def plot(choice: str | None = None) -> Any:
            return _altair(standalone(figure, choice))

        plot.__name__, plot.__doc__ = name, f"{figure.title}. {figure.note}"
        return plot


def _altair(spec: dict[str, Any]) -> Any:
    try:
        import altair
    except ImportError as error:
        raise PlanError(MISSING) from error
    kind = altair.LayerChart if "layer" in spec else altair.Chart
    return kind.from_dict(spec, validate=False)
