"""Why an instance has no plan, and what would help.

`elastic` is the instance in which what limits forbid exists · `softened` its model as arrays ·
`kinds` and `limit` what can give way and where it is declared · `routes` and `rows` what forbids a
route, and which rows stand for which limit · `probes` and `conflict` find limits that cannot hold
together · `repairs` and `changes` find what would help and try it · `facts` and `words` tell it.
"""

from optimizer.explain.explain import explain, explain_with, why_none
from optimizer.explain.explanation import Blamed, Explanation, Remedy

__all__ = ["Blamed", "Explanation", "Remedy", "explain", "explain_with", "why_none"]
