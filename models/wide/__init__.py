"""Families of millions: indices, variables and rows as arrays, Pyomo objects once looked at.

`Tuples` are an index, `TupleSet` as a Set · `WideVar` is the variables over one ·
`WideConstraint` is rows that add variables up.

To Pyomo, and to whoever reads or extends the model, they are what they are derived from: a Set, an
indexed Var, an indexed Constraint. What is looked at comes into being as objects, all of a
component at once, and then takes as long as it always does. The way to the solver reads the arrays.
"""

from models.wide.constraint import Addends, WideConstraint, spans
from models.wide.tuples import Positions, Tuples, TupleSet
from models.wide.variable import Floats, WideVar

__all__ = [
    "Addends",
    "Floats",
    "Positions",
    "TupleSet",
    "Tuples",
    "WideConstraint",
    "WideVar",
    "spans",
]
