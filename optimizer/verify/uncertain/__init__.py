"""Checking plans of instances with scenarios: each scenario's plan, and what ties them together.

`specs` says what the tables hold · `reading` splits them · `sharing` compares first decisions ·
`risk` measures costs anew · `orders` finds what is ordered in all scenarios, and what waits.
"""

from optimizer.verify.uncertain.check import verify_uncertain

__all__ = ["verify_uncertain"]
