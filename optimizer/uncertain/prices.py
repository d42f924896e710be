"""What plans of scenarios cost, with the contingency states that their models do without."""

from optimizer.highs import Crew
from optimizer.matrix import Floats
from optimizer.states import Evaluation, Priced, price
from optimizer.uncertain.problem import Problem


class Prices:
    """Costs of plans, each worked out once."""

    def __init__(self, crew: Crew, problem: Problem, threads: int) -> None:
        self.problem = problem
        self._crew, self._threads = crew, threads
        self._known: dict[tuple[str, int], Priced] = {}

    def cost(self, w: str, x: Floats) -> float:
        """The cost of a plan of a scenario [MUSD]; infinite if a contingency is served too little.

        Plans are told apart by identity: a plan must not be changed once it was priced.
        """
        if w not in self.problem.states:
            return self.problem.alone[w].matrix.value(x)
        return self._priced(w, x).cost

    def evaluation(self, w: str, x: Floats) -> Evaluation | None:
        """The contingency states of a plan; None where its model has them all."""
        return self._priced(w, x).evaluation if w in self.problem.states else None

    def _priced(self, w: str, x: Floats) -> Priced:
        key = w, id(x)
        if key not in self._known:
            future, compiled = self.problem.inst.scenario_instances[w], self.problem.alone[w]
            self._known[key] = price(self._crew, future, compiled, x, self._threads)
        return self._known[key]

    def wanted(self, most: int) -> dict[str, list[str]]:
        """By scenario, states that its model lacks: those that cost most in plans priced so far."""
        costs: dict[str, dict[str, tuple[float, float]]] = {}
        for (w, _), priced in self._known.items():
            have = costs.setdefault(w, {})
            for e, rank in priced.evaluation.ranks(self.problem.states[w]).items():
                have[e] = max(rank, have.get(e, rank))
        return {
            w: sorted(ranks, key=lambda e: ranks[e], reverse=True)[:most]
            for w, ranks in costs.items()
            if ranks
        }
