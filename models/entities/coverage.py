"""Which sites a pool, cap or floor covers."""

from models.entities.base import Entity, Names, Text


class Covering(Entity):
    """Something that covers sites: by name, operator, jurisdiction or continent."""

    name: Text = ""
    """Name for people."""

    sites: Names = ()
    """Sites it covers."""

    operators: Names = ()
    """Operators whose sites it covers."""

    jurisdictions: Names = ()
    """Jurisdictions or blocs whose sites it covers."""

    continents: Names = ()
    """Continents whose sites it covers; with all four lists empty it covers every site."""
