"""Broken instances, family by family: one table more than base.yaml has, with a mistake in it."""

from case import Case


def table(name: str, text: str, says: str, at: str = "") -> Case:
    """A case with a table before the quotas; the line of `at`, else its first one, is to blame."""
    return Case(name, "quotas:\n", f"{text}\nquotas:\n", says, at or text.partition("\n")[0])


def chat(name: str, fields: str, says: str) -> Case:
    """A case with further fields of the workload."""
    return Case(name, "{latency_limit_ms: 150,", f"{{{fields}, latency_limit_ms: 150,", says)


# fmt: off
CLUSTERS = [
    chat("cluster-half", "cluster: {min_units: 1.5}", "must be a whole number of units"),
    chat("cluster-field", "cluster: {least_units: 2}", "Did you mean 'min_units'?"),
    chat("cluster-over-1", "cluster: {utilisation: {1: 1.2}}", "must be at most 1"),
    chat("cluster-rises", "cluster: {utilisation: {1: 0.7, 8: 0.9}}", "utilisation"),
]
NETWORK_OPTIONS = [
    table("option-idle", "network_options: {light: {cost_musd: 2}}", "changes nothing"),
    table("option-site", "network_options: {light: {cost_musd: 2, power_saved_share: 0.1, "
          "sites: [osl]}}", "Did you mean 'oslo'?"),
    table("option-free", "network_options: {light: {power_saved_share: 0.1}}",
          "cost_musd: is missing"),
    table("option-share", "network_options: {light: {cost_musd: 2, power_saved_share: 1}}",
          "must be at most 0.9"),
]
CONTINGENCIES = [
    table("nothing-lost", "contingencies: {bad: {weight: 2}}", "takes nothing away"),
    table("each-and-some", "contingencies: {bad: {each: site, sites: [oslo]}}",
          "write two contingencies"),
    table("each-unknown", "contingencies: {bad: {each: town}}", "must be 'site', 'operator'"),
    table("lost-site", "contingencies: {bad: {sites: [bergen]}}", "no site is called 'bergen'"),
    table("late-unit", "contingencies: {bad: {unit_types: {gen3: 6}}}", "'gen3'"),
]
ANY_SITE = "contingencies: {any-site: {each: site}}\n"
PROTECTION = [
    table("protect-work", ANY_SITE + "protection:\n  - {share: 0.5, workload: chats}",
          "Did you mean 'chat'?", "  - {share: 0.5"),
    table("protect-share", ANY_SITE + "protection:\n  - {share: 50}", "must be at most 1",
          "  - {share: 50"),
    table("protect-twice", ANY_SITE + "protection:\n  - {share: 0.1}\n  - {share: 0.2}",
          "repeats an earlier row", "  - {share: 0.2"),
    table("nowhere-left", ANY_SITE + "protection:\n  - {share: 0.1, data_class: health}",
          "no lawful site and no offer is left", "contingencies:"),
]
SCENARIOS = [
    table("chances", "scenarios: {a: {probability: 0.5}, b: {probability: 0.4}}",
          "must add up to 1, but add up to 0.9"),
    table("no-date", "scenarios:\n  a: {probability: 1, changes: {demand.scale: 2}}",
          "needs the date from which on it is known", "  a: {"),
    table("fixed", "scenarios:\n  a: {probability: 1, revealed: 2028, changes: {money: EUR}}",
          "must be the same in all scenarios", "  a: {"),
    table("no-path", "scenarios:\n  a: {probability: 1, revealed: 2028, changes: "
          "{sites.osl.grid_mw: 2}}", "Did you mean 'sites.oslo.grid_mw'?", "  a: {"),
    table("risk", "risk: {measure: worst}", "must be 'expected', 'cvar' or 'regret'"),
]
COMMITMENTS = [
    table("agreed-day", "commitments:\n  orders:\n    - {site: oslo, unit_type: gen2, "
          "period: 2027-02, units: 1}", "no period starts on", "    - {site"),
    table("agreed-unit", "commitments:\n  orders:\n    - {site: oslo, unit_type: gen3, "
          "period: 2027-01, units: 1}", "'gen3'", "    - {site"),
    table("agreed-open", "commitments:\n  openings:\n    - {site: oslo, period: 2027-01}",
          "'oslo' is open already", "    - {site"),
    table("agreed-late", "commitments: {cancel_share: 2}", "must be at most 1"),
]
PIPELINE = [
    Case("status-of-no-step", "    max_rack_kw: 150", "    grid_status: {2029-01: announced}",
         "grid_mw has no step on 2029-01-01"),
    Case("status-unknown", "    max_rack_kw: 150", "    grid_status: {2028-01: promised}",
         "must be 'announced', 'permitted', 'contracted' or 'energised'"),
    table("slips-though-there", "pipeline: {slip_months: {energised: 3}}",
          "what is energised cannot slip"),
    table("counts-nothing", "pipeline: {counts: [contracted]}", "must hold 'energised'"),
]
GRAVITY = [
    chat("data-negative", "data_gb_per_mtok: -1", "must be at least 0"),
    chat("data-stay", "data_stays: country", "must be 'anywhere', 'jurisdiction', 'bloc'"),
    Case("gb-in-words", "usd_per_mtok: 0.006", "usd_per_mtok: 0.006, usd_per_gb: cheap",
         "must be a number"),
]
PORTABILITY = [
    chat("port-negative", "port_operator_musd_per_mtok_s: -2", "must be at least 0"),
    chat("port-typo", "port_generations_musd_per_mtok_s: 2",
         "Did you mean 'port_generation_musd_per_mtok_s'?"),
]
CARBON = [
    table("carbon-price", "carbon: {price_usd_per_t: -5}", "must be at least 0"),
    table("carbon-cap", "carbon: {caps: {all: {jurisdictions: [NO]}}}",
          "tco2_per_year: is missing"),
]
WATER = [
    Case("water-negative", "    max_rack_kw: 150", "    water_l_per_kwh: {air: -1}",
         "must be at least 0"),
    Case("water-limit", "    max_rack_kw: 150", "    water_limit_m3_per_year: much",
         "must be a number"),
]
EFFICIENCY = [
    table("floor-of-nowhere", "efficiency_floors: {all: {mtok_per_mwh: 1, continents: [Asia]}}",
          "'Asia'"),
    table("floor-of-nothing", "efficiency_floors: {all: {sites: [oslo]}}",
          "mtok_per_mwh: is missing"),
]
OBJECTIVES = [
    table("objective", "objective: cheapest", "must be 'cost', 'profit'"),
    table("objective-and-risk", "objective: profit\n"
          "scenarios: {a: {probability: 1}}", "but risk is measured in cost"),
]
MODEL_FAMILIES = [
    table("models-work", "model_families: {ours: {trained_by: train, served_by: [chat]}}",
          "no workload is called 'train'"),
    table("models-both", "model_families: {ours: {trained_by: chat, served_by: [chat]}}",
          "name only what uses them"),
    table("models-unused", "model_families: {ours: {trained_by: chat, served_by: []}}",
          "at least one"),
    table("models-class", "model_families: {ours: {trained_by: chat, served_by: [chat], "
          "weights_data_class: secret}}", "no data class is called 'secret'"),
]
# fmt: on
FAMILIES = [
    *CLUSTERS,
    *NETWORK_OPTIONS,
    *CONTINGENCIES,
    *PROTECTION,
    *SCENARIOS,
    *COMMITMENTS,
    *PIPELINE,
    *GRAVITY,
    *PORTABILITY,
    *CARBON,
    *WATER,
    *EFFICIENCY,
    *OBJECTIVES,
    *MODEL_FAMILIES,
]
