"""How charts look, as Vega-Lite: `style` for colours and type, `bars`, `lines`, `grids`, `world`."""
