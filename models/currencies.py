"""Money on reading: "12.5 EUR 2024" becomes a number in the money of the instance.

Fields whose unit starts with MUSD or USD take such texts, in the unit of the field: millions where
it says MUSD, and EUR per MWh where it says USD per MWh. The amount is brought to the prices of
`finance.price_year` by the currency's own inflation, then multiplied by its rate.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from models.entities.base import BadAmount, Entity, step_pairs
from models.entities.currency import Currency
from models.problems import unknown_name
from models.shape import of_field, unit

PATTERN = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*[A-Za-z][\w-]*(\s+\d{4})?\s*$"
"""How an amount with a currency, and perhaps a year, is written."""

_WRITTEN = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z][\w-]*)(.*)")


def is_money(field: FieldInfo) -> bool:
    """True if a field's unit is MUSD or USD, or so much per something."""
    return unit(field).startswith((" MUSD", " USD"))


def in_base_money(root: type[Entity], data: Any) -> Any:
    """The data of an instance with all amounts in its own money.

    Nothing that is given is changed. A text that is no amount becomes a BadAmount, which the field
    refuses with its message.
    """
    if not isinstance(data, Mapping):
        return data
    return _record(root, data, _Exchange(data).number)


def _record(entity: type[Entity], data: Any, number: Callable[[str], Any]) -> Any:
    if isinstance(data, Entity) or not isinstance(data, Mapping):
        return data
    return {
        name: _value(entity, name, value, number) if name in _holders(entity) else value
        for name, value in data.items()
    }


def _value(entity: type[Entity], name: str, value: Any, number: Callable[[str], Any]) -> Any:
    field = entity.model_fields[name]
    kind, inner = of_field(field)
    if kind == "record":
        return _record(inner, value, number)
    if kind == "table" and isinstance(value, Mapping):
        return {key: _record(inner, one, number) for key, one in value.items()}
    if kind == "rows" and isinstance(value, list | tuple):
        return [_record(inner, one, number) for one in value]
    if kind == "steps" and (pairs := step_pairs(value)) is not None:
        dates = [(str(day).strip(), _amount(amount, number)) for day, amount in pairs]
        return dict(dates) if len(dict(dates)) == len(dates) else value
    return _amount(value, number)


def _amount(value: Any, number: Callable[[str], Any]) -> Any:
    return number(value) if isinstance(value, str) else value


@lru_cache
def _holders(entity: type[Entity]) -> frozenset[str]:
    """The fields of a record that are money or hold records with money."""
    found = set()
    for name, field in entity.model_fields.items():
        kind, inner = of_field(field)
        if kind in ("number", "steps"):
            if is_money(field):
                found.add(name)
        elif kind in ("record", "table", "rows") and _holders(inner):
            found.add(name)
    return frozenset(found)


class _Exchange:
    """The currencies of an instance's data; a faulty one counts 1, as it is refused anyway."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        table, finance = data.get("currencies"), data.get("finance")
        self.currencies = {
            str(name): _currency(record)
            for name, record in (table.items() if isinstance(table, Mapping) else ())
        }
        held = finance if isinstance(finance, Mapping) else getattr(finance, "__dict__", {})
        written = str(held.get("price_year"))
        self.price_year = int(written) if written.isdecimal() else None

    def number(self, text: str) -> Any:
        """The amount of a text with a currency; any other text as it is."""
        found = _WRITTEN.fullmatch(text)
        if not found:
            return text
        amount, name, rest = float(found[1]), found[2], found[3].strip()
        if name not in self.currencies:
            return BadAmount(text, unknown_name("currency", name, self.currencies))
        if rest and not re.fullmatch(r"\d{4}", rest, re.ASCII):
            return BadAmount(text, "must be an amount such as '12.5 EUR 2024', or a number")
        currency = self.currencies[name]
        if currency is None:
            return amount
        growth = self._growth(currency, name, int(rest) if rest else None)
        if isinstance(growth, str):
            return BadAmount(text, growth)
        return amount * currency.rate * growth

    def _growth(self, currency: Currency, name: str, year: int | None) -> float | str:
        """How prices grew from a year to the price year; or why that is unknown."""
        if year is None or year == self.price_year:
            return 1.0
        if self.price_year is None:
            return "gives a year, so finance.price_year must say whose prices money is in"
        if not currency.price_index:
            return float((1 + currency.inflation_per_year) ** (self.price_year - year))
        for asked in (year, self.price_year):
            if asked not in currency.price_index:
                return f"needs the year {asked} in currencies.{name}.price_index"
        return currency.price_index[self.price_year] / currency.price_index[year]


def _currency(record: Any) -> Currency | None:
    if isinstance(record, Currency):
        return record
    try:
        return Currency.model_validate(record)
    except ValidationError:
        return None
