"""Figures as a planner reads them: few digits, always a unit."""

import math
from collections.abc import Iterable


def number(value: float) -> str:
    """A figure with three digits or more: 0.0929, 9.29, 92.9, 929.0 as 929, and 92,900."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "-"
    size = math.floor(math.log10(abs(value)))
    if size < -4:
        return f"{value:.2e}"
    return f"{value:,.{min(6, max(0, 2 - size))}f}"


def decimals(values: Iterable[float]) -> int:
    """Decimals that give the smallest figure of a column three digits, at most 6."""
    least = min((abs(value) for value in values if value), default=1.0)
    return min(6, max(0, 2 - math.floor(math.log10(least))))


def money(musd: float) -> str:
    """An amount of money in MUSD, large ones in BUSD."""
    if abs(musd) >= 100_000:
        return f"{musd / 1000:,.1f} BUSD"
    return f"{number(musd)} MUSD"


def amount(musd: float) -> str:
    """An amount of a column in MUSD: one decimal, so that columns add up."""
    text = f"{musd:,.1f}"
    return "0.0" if text == "-0.0" else text


def percent(ratio: float) -> str:
    """A share of a whole, with one decimal; what is not all never reads as 100 %."""
    if 0.9995 <= ratio < 1 - 1e-9:
        return "99.9 %" if ratio < 0.99995 else "100.0 %"
    return f"{100 * ratio:.1f} %"


def gap(ratio: float) -> str:
    """A gap in percent with two digits, rounded up so that 'within' stays true."""
    value = 100 * ratio
    if value <= 1e-7:
        return "0 %"
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    rounded = math.ceil(value / step - 1e-9) * step
    digits = max(0, 1 - math.floor(math.log10(rounded) + 1e-9))
    return f"{rounded:.{digits}f} %"


def seconds(value: float) -> str:
    """A duration: seconds with a decimal, or minutes and seconds."""
    if value < 100:
        return f"{value:.1f} s"
    return f"{int(value // 60)} min {int(value % 60):02d} s"
