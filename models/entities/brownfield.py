"""What stands already and can be had instead of building: mines to convert, shells to lease."""

from typing import Annotated

from pydantic import Field

from models.entities.base import Count, Entity, Id, NonNegative, Positive, Share, Steps, Text


class Mine(Entity):
    """A cryptocurrency mine that stands at a site and can be converted, part by part.

    Mining goes on until it is converted; from the order of a conversion on it has stopped.
    """

    key = ("site",)
    amount = "mining_mw"

    site: Id
    """The site it stands at; a site has one mine at most."""

    mining_mw: Steps
    """Mining power that exists from each date, converted or not; it never falls [MW at the meter].
    """

    shares_connection: bool = True
    """True if mining draws on the site's grid connection until it is converted; false: the site's
    grid_mw is free for AI as it is."""

    capex_musd_per_mw: NonNegative
    """Cost of turning mining power into a hall [MUSD per MW at the meter converted]."""

    months: Annotated[Count, Field(ge=0, le=240)] = 0
    """From the order of a conversion to the use of its hall [months]."""

    margin_musd_per_mw_year: Steps
    """Mining margin lost from the day of conversion on, at each date [MUSD per MW-year]."""

    shell_share: Share = 1.0
    """Share of the mine's shell that becomes hall capacity; all of it holds as much IT as the
    converted power feeds at the site's lowest PUE [ratio]."""

    block_mw: Positive | None = None
    """Size of one conversion, done as a whole [MW at the meter]; none: any amount."""

    life_years: Annotated[Count, Field(ge=1, le=100)] = 20
    """Life of the converted hall [years]."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""


class Shell(Entity):
    """Hall capacity for lease at a site; units and power are the site's own."""

    key = ("site",)
    amount = "most_mw"

    site: Id
    """The site it stands at; a site has one such offer at most."""

    most_mw: Steps
    """Most that can be leased at any time, from each date [IT MW]."""

    price_musd_per_mw_year: Steps
    """Rent while it is leased, at each date [MUSD per IT MW and year]."""

    lead_months: Annotated[Count, Field(ge=0, le=240)] = 0
    """From the start of the horizon to the earliest use [months]."""

    term_months: Annotated[Count, Field(ge=1, le=1200)] = 12
    """Least term: what is leased stays leased so long [months]."""

    block_mw: Positive | None = None
    """Size of one shell, leased as a whole [IT MW]; none: any amount."""

    source: Text = ""
    """Where these figures come from, or that they are assumptions."""
