"""How fast instances are solved, beside other ways to solve them; see `__main__`."""
