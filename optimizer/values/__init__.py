"""What limits are worth: the change of the least cost when one of them gives way."""

from optimizer.values.rules import RULES
from optimizer.values.worth import Values, check_target, values

__all__ = ["RULES", "Values", "check_target", "values"]
