"""What else could be built: plans near the least cost that differ in their sites."""

from optimizer.alternatives.find import LEANS, Alternatives, alternatives, check_target

__all__ = ["LEANS", "Alternatives", "alternatives", "check_target"]
