"""Groups of fields that several checks conclude from."""

LAW = (
    "horizon",
    "slices",
    "jurisdictions",
    "operators",
    "sites",
    "workloads",
    "data_classes",
    "residency",
    "regions",
    "demand",
    "rtt",
    "cities",
    "city_rtt",
    "latency",
    "objective",
    "rentals",
    "local_control_planes",
)

CARRIED = (
    "jurisdictions",
    "operators",
    "sites",
    "workloads",
    "data_classes",
    "residency",
    "network_prices",
    "model_families",
)

FITS = ("jurisdictions", "sites", "grid_upgrades", "network_options", "unit_types", "soft_limits")

FLEET = (
    "horizon",
    "sites",
    "pipeline",
    "grid_upgrades",
    "network_options",
    "unit_types",
    "initial_units",
    "grid_regions",
    "mines",
    "shells",
    "soft_limits",
)

HOLDERS = (
    "horizon",
    "jurisdictions",
    "operators",
    "sites",
    "grid_regions",
    "unit_types",
    "rentals",
)

PROTECTED = ("jurisdictions", "workloads", "regions", "demand", "protection")

RESILIENCE = tuple(dict.fromkeys((*LAW, *FLEET, "contingencies", "protection")))

ORDERED = (
    "commitments",
    "horizon",
    "jurisdictions",
    "sites",
    "pipeline",
    "grid_upgrades",
    "unit_types",
    "initial_units",
)
