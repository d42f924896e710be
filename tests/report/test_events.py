"""What happens at sites, as the timeline marks it."""

from optimizer import solve
from optimizer.report.contents import figures
from optimizer.report.events import events
from optimizer.report.reading import Reading
from tests.report.test_report import small
from tests.small import tiny


def test_conversions_and_leases_are_marked() -> None:
    for name, what in (("brownfield", "mining converted"), ("make-or-buy", "halls leased")):
        seen = Reading.of(small(name))
        assert what in set(events(seen)["event"])
        assert what in {mark["what"] for mark in figures(seen)["timeline"].data["marks"]}


def test_refresh_is_marked_beside_the_orders_of_the_day() -> None:
    """Marks of one site and day stand side by side, never on one another."""
    marks = figures(Reading.of(small("refresh")))["timeline"].data["marks"]
    assert {"ordered", "leaves early"} <= {mark["what"] for mark in marks}
    places = [(mark["row"], mark["when"], mark["nudge"]) for mark in marks]
    assert len(set(places)) == len(places)


def test_halls_are_renewed_at_the_end_of_their_life() -> None:
    """Nothing stands at first; halls live one year: they are ordered in 2027, renewed in 2028."""
    inst = tiny(
        horizon={"start": 2027, "months": 12, "count": 2},
        sites={"oslo": {"initial_hall_mw": 0, "hall_life_years": 1}},
    )
    found = events(Reading.of(solve(inst)))
    halls = found[found["item"] == "halls"]
    assert list(zip(halls["event"], halls["period"], strict=True)) == [
        ("halls ordered", "2027"),
        ("halls in use", "2027"),
        ("halls at end of life", "2028"),
        ("halls renewed", "2028"),
        ("halls in use", "2028"),
    ]
