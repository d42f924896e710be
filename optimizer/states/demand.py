"""How contingency states are added on demand."""

STATES_A_ROUND = 40
"""Most states that are added at a time."""

INNER = 0.7
"""Part of the gap for the search on some of the states; the rest is for those left out [ratio]."""

ADDED = "contingency_states_added"
"""What a plan's options call the number of states that were added."""
