"""Two plans side by side: what went in, what moved, what it costs, which limits bind now.

`compare` compares two plans, `compare_studies` the cases of two studies. `leaves`, `inputs` and
`folding` tell what differs between instances · `moves` what moved · `waterfall` and `pricing` where
the money went · `limits` what binds · `figures` key figures and what the gaps leave open.
"""

from optimizer.compare.comparison import Comparison, compare
from optimizer.compare.studies import StudyComparison, compare_studies

__all__ = ["Comparison", "StudyComparison", "compare", "compare_studies"]
