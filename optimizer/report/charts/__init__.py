"""How charts look, as Vega-Lite: `style` has colours and type; `bars`, `lines`, `world` draw."""
