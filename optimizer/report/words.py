"""Words that several sections use."""


def counted(count: float, what: str) -> str:
    """'1 site', '2 sites'; words that do not just take an s are told twice: 'city/cities'."""
    one, _, more = what.partition("/")
    return f"{count:,.0f} {one if count == 1 else more or f'{one}s'}"
