"""Broken instances: one change each to base.yaml, and whole files that are no instance at all."""

from pathlib import Path
from typing import NamedTuple

BASE = (Path(__file__).parent / "base.yaml").read_text(encoding="utf-8")


class Case(NamedTuple):
    """The text `old` of base.yaml becomes `new`; the line of `at` (else of `new`) is to blame."""

    name: str
    old: str
    new: str
    says: str
    at: str = ""

    def text(self) -> str:
        assert BASE.count(self.old) == 1, f"{self.name}: {self.old!r} must occur once"
        return BASE.replace(self.old, self.new)

    def line(self) -> int:
        text, mark = self.text(), self.at or self.new
        assert text.count(mark) == 1, f"{self.name}: {mark!r} must occur once"
        return text[: text.index(mark)].count("\n") + 1


# fmt: off
FIELDS = [
    Case("misspelt-field", "grid_region: east", "grid_regon: east", "Did you mean 'grid_region'?"),
    Case("misspelt-table", "quotas:", "qoutas:", "Did you mean 'quotas'?"),
    Case("field-of-another", "it_mw: 0.5", "it_mw: 0.5\n    lat: 3", "no field", "lat: 3"),
    Case("missing-field", "    hall_block_mw: 2\n", "", "hall_block_mw: is missing", "  nairobi:"),
    Case("missing-in-row", ", mtok_s: 0.5}", "}", "mtok_s: is missing",
         "unit_type: gen2, workload"),
    Case("missing-horizon", "horizon: {", "# horizon: {", "horizon: is missing", "name: Base"),
    Case("missing-start", "start: 2027-01, months", "months", "start: is missing", "horizon:"),
    Case("negative-grid", "grid_mw: 12", "grid_mw: -10", "must be at least 0"),
    Case("pue-below-1", "{air: 1.35}", "{air: 0.9}", "pue.air: must be at least 1, but is 0.9"),
    Case("pue-of-12", "{air: 1.35}", "{air: 12}", "must be at most 3, but is 12"),
    Case("no-pue", "{air: 1.35}", "{}", "at least one entry", "pue: {}"),
    Case("pue-a-number", "{air: 1.35}", "1.35", "pue: must be a table"),
    Case("unit-in-text", "it_mw: 1.0", "it_mw: 1.0 MW", "Write the number alone, without its unit"),
    Case("decimal-comma", "it_mw: 1.0", "it_mw: '1,0'", "decimal point"),
    Case("number-as-word", "it_mw: 1.0", "it_mw: one", "must be a number of MW, but is 'one'"),
    Case("zero-power", "it_mw: 1.0", "it_mw: 0", "must be more than 0 MW, but is 0", "it_mw: 0\n"),
    Case("true-as-number", "it_mw: 1.0", "it_mw: true", "not true or false"),
    Case("list-as-number", "it_mw: 1.0", "it_mw: [1]", "must be a number of MW, but is a list"),
    Case("empty-number", "it_mw: 1.0", "it_mw:", "but is empty", "it_mw:\n"),
    Case("half-a-year", "life_years: 5", "life_years: 5.5", "must be a whole number of years"),
    Case("life-zero", "life_years: 5", "life_years: 0", "must be at least 1 years"),
    Case("half-a-unit", "units: 4", "units: 4.5", "must be a whole number of units"),
    Case("latitude-91", "lat: 59.9\n", "lat: 91\n", "must be at most 90", "lat: 91"),
    Case("longitude-361", "lon: 36.9", "lon: 361", "must be at most 180 degrees east"),
    Case("date-in-words", "2026-07", "July", "must be a date such as"),
    Case("month-13", "2026-07", "2026-13", "must be a date such as 2027-01-15"),
    Case("quarter-5", "2026-07", "2026Q5", "must be a date such as"),
    Case("year-9999", "2026-07", "9999-01", "between 1900 and 2300"),
    Case("step-date", "2028-01: 40", "soon: 40", "must be a date such as"),
    Case("step-twice", "2028-01: 40", "2027Q1: 40", "gives the date 2027-01-01 twice"),
    Case("step-negative", "2028-01: 40", "2028-01: -4", "must be at least 0"),
    Case("step-in-text", "2028-01: 40", "2028-01: lots", "must be a number"),
    Case("share-over-1", "discount_rate_per_year: 0.08", "discount_rate_per_year: 8", "at most 1"),
    Case("choice", "peak_factor: 1.6", "peak_factor: 0.5", "must be at least 1, but is 0.5"),
    Case(
        "interpolation",
        "solve: {",
        "demand_interpolation: geometrc\nsolve: {",
        "Did you mean 'geometric'?",
        "geometrc",
    ),
    Case("truth", "opened: true", "opened: perhaps", "must be true or false"),
    Case("name-number", "generation: g1", "generation: 1", "Put it in quotes"),
    Case("name-spaces", "generation: g1", "generation: g 1", "must be a name of letters"),
    Case("name-dot", "  east:", "  ea.st:", "must be a name of letters"),
    Case("key-spaces", "  supply: {", "  my supply: {", "must be a name of letters"),
    Case("record-is-text", "  KE: {continent: Africa}", "  KE: Africa",
         "must be a table of fields"),
    Case("list-is-table", "\nrtt:\n  - {", "\nrtt:\n  {", "must be a list",
         "rtt:\n  {"),
    Case("row-is-text", "- {region: kenya, site: oslo, rtt_ms: 165}", "- kenya", "table of fields"),
    Case("gap-of-1", "gap: 0.01", "gap: 1", "must be less than 1, but is 1"),
    Case("no-months", "months: 12", "months: []", "at least one length", "horizon:"),
    Case("too-many-periods", "count: 4", "count: 400", "at most 240"),
    Case("periods-product", "months: 12", "months: [12, 12]", "not both", "horizon:"),
    Case("long-text", "name: Base", "name: " + "x" * 2001, "at most 2000 characters"),
    Case("no-currency", "capex_musd: 12", "capex_musd: 12 EUR 2024",
         "no currency is called 'EUR'; known: none"),
    Case("currency-in-steps", "grants: {2027-01: 500,", "grants: {2027-01: 500 EUR,",
         "grants.2027-01: no currency is called 'EUR'"),
    Case("rate", "budget:", "currencies: {EUR: {rate: 0}}\nbudget:", "must be more than 0"),
    Case("price-year", "capex_musd: 12", "capex_musd: 12\n    opex_musd_per_year: 1 EUR 2024",
         "no currency", "1 EUR 2024"),
    Case("payments-sum", "capex_musd: 12", "capex_musd: 12\n    payments: {0: 0.3, 6: 0.6}",
         "must be shares that add up to 1, but they add up to 0.9", "payments:"),
    Case("payments-half", "capex_musd: 12", "capex_musd: 12\n    payments: {0: 0.5, 1.5: 0.5}",
         "must be a whole number", "payments:"),
    Case("payments-percent", "capex_musd: 12", "capex_musd: 12\n    payments: {0: 30, 6: 70}",
         "must be at most 1", "payments:"),
    Case("hall-payments", "hall_block_mw: 5", "hall_block_mw: 5\n    hall_payments: 0.5; 0.5",
         "must be shares by months", "hall_payments:"),
    Case("debt-at-end", "grants: {2027-01", "debt_at_end: later\n      grants: {2027-01",
         "must be 'repaid' or 'owed'", "debt_at_end:"),
    Case("borrowing", "grants: {2027-01", "borrowing: -4\n      grants: {2027-01",
         "must be at least 0", "borrowing:"),
    Case("interest", "grants: {2027-01", "interest_per_year: 5\n      grants: {2027-01",
         "must be at most 1", "interest_per_year:"),
    Case("opex-term", "budget:", "budget:\n  opex_caps: {all: {musd_per_year: 9, terms: [fuel]}}",
         "must be 'site_opex', 'unit_opex', 'energy', 'network', ", "opex_caps:"),
    Case("opex-site", "budget:", "budget:\n  opex_caps: {all: {musd_per_year: 9, sites: [osl]}}",
         "Did you mean 'oslo'?", "opex_caps:"),
    Case("opex-cap", "budget:", "budget:\n  opex_caps: {all: {sites: [oslo]}}",
         "musd_per_year: is missing", "opex_caps:"),
    Case("empty-demand-rate", "mtok_s: 0.05}\n  - {unit_type: gen2",
         "mtok_s: }\n  - {unit_type: gen2",
         "must be a number", "mtok_s: }"),
]

NAMES = [
    Case("operator", "operator: savanna", "operator: savana", "Did you mean 'savanna'?"),
    Case("jurisdiction", "jurisdiction: KE\n", "jurisdiction: KN\n", "known: KE, NO", "KN"),
    Case("grid-region", "grid_region: east", "grid_region: west",
         "no grid region is called 'west'"),
    Case("seat", "{home_jurisdiction: KE", "{home_jurisdiction: UK", "jurisdiction is called 'UK'"),
    Case("control-plane", "control_plane_jurisdiction: KE", "control_plane_jurisdiction: XX",
         "'XX'"),
    Case("policy-place", "compute: [HOME]", "compute: [HOEM]", "Did you mean 'HOME'?"),
    Case("policy-case", "compute: [KE]", "compute: [ke]", "no jurisdiction or bloc is called 'ke'"),
    Case("data-class", "{jurisdiction: KE, data_class: health",
         "{jurisdiction: KE, data_class: helth", "Did you mean 'health'?"),
    Case("residency-place", "{jurisdiction: KE, data_class", "{jurisdiction: EU, data_class",
         "'EU'"),
    Case("throughput-unit", "{unit_type: gen2, workload", "{unit_type: gen3, workload", "'gen3'"),
    Case("throughput-work", "workload: chat, mtok_s: 0.5}", "workload: chats, mtok_s: 0.5}",
         "'chat'?"),
    Case("initial-site", "{site: oslo, unit_type: gen1", "{site: Oslo, unit_type: gen1", "'oslo'?"),
    Case("quota-unit", "unit_types: [gen2]", "unit_types: [gen2, gen9]", "supply.unit_types.1: no"),
    Case("quota-empty", "unit_types: [gen2]", "unit_types: []", "at least one unit type"),
    Case("quota-operator", "per_year: 30", "per_year: 30, operators: fjrd",
         "Did you mean 'fjord'?"),
    Case("region-place", "norway: {jurisdiction: NO", "norway: {jurisdiction: NOR", "'NO'?"),
    Case("demand-region", "{region: kenya, workload: chat, data_class: health",
         "{region: kenja, workload: chat, data_class: health", "Did you mean 'kenya'?"),
    Case("rtt-site", "site: oslo, rtt_ms", "site: bergen, rtt_ms", "no site is called 'bergen'"),
    Case("city", "city_b: Nairobi", "city_b: nairobi", "Did you mean 'Nairobi'?"),
    Case("pool-site", "    world:", "    world:\n      sites: osol", "'oslo'?", "osol"),
    Case("pool-continent", "    world:", "    world:\n      continents: [Asia]", "'Asia'",
         "[Asia]"),
    Case("zone", "network_zone: africa\n", "network_zone: afrika\n", "'africa'?", "afrika"),
    Case("zone-pair", "  - {zone_a: europe, zone_b: africa, usd_per_mtok: 0.006}\n", "",
         "no price for the zones", "network_prices:"),
    Case("zone-missing", "lon: 36.8, network_zone: africa", "lon: 36.8", "network_zone: is missing",
         "  kenya: {"),
    Case("bloc-is-place", "blocs: [EEA]", "blocs: [KE]", "a bloc needs a name of its own"),
    Case("reserved", "  KE: {continent: Africa}",
         "  KE: {continent: Africa}\n  ANY: {continent: X}",
         "choose another name", "ANY:"),
    Case("barred", "cooling: liquid", "cooling: liquid\n    barred: China", "'China'", "China"),
]

DAY = "slices: {day: {from_hour: 6, hours: 12}, night: {from_hour: 18, hours: 12}}\nfinance:"
SENSE = [
    Case("hours-missing", "finance:", DAY.replace("18, hours: 12", "19, hours: 8"),
         "in no slice: 3 to 5, 18", "slices:"),
    Case("hours-double", "finance:", DAY.replace("6, hours: 12", "5, hours: 14"),
         "in day and night: 5, 18", "slices:"),
    Case("slice-all", "finance:", DAY.replace("night:", "all:"), "choose another name", "all:"),
    Case("hour-24", "finance:", DAY.replace("hour: 18", "hour: 24"), "must be at most 23", "24,"),
    Case("price-of-no-slice", "    max_rack_kw: 150", "    energy_price_factor: {noon: 2}",
         "no slice is called 'noon'; known: none"),
    Case("carbon-of-no-slice", "    max_rack_kw: 150", "    carbon_factor: {noon: 2}",
         "no slice is called 'noon'; known: none"),
    Case("carbon-negative", "  KE: {continent: Africa}",
         "  KE: {continent: Africa, carbon_kg_per_mwh: -1}", "at least 0"),
    Case("carbon-cap-of-nowhere", "budget:",
         "carbon: {caps: {eu: {tco2_per_year: 5, jurisdictions: [EU]}}}\nbudget:", "'EU'"),
    Case("floor-negative", "budget:", "efficiency_floors: {all: {mtok_per_mwh: -5}}\nbudget:",
         "at least 0"),
    Case("floor-of-nobody", "budget:",
         "efficiency_floors: {f: {mtok_per_mwh: 5, operators: [fjrd]}}\nbudget:",
         "Did you mean 'fjord'?"),
    Case("water-of-no-cooling", "    max_rack_kw: 150", "    water_l_per_kwh: {oil: 2}",
         "'oil'"),
    Case("profile-of-23", "peak_factor: 1.6", f"daily_profile: {[1] * 23}", "must have 24 numbers"),
    Case("profile-with-0", "peak_factor: 1.6", f"daily_profile: {[0] + [1] * 23}",
         "must be at least 0.001"),
    Case("deferrable-2", "peak_factor: 1.6", "deferrable_share: 2", "must be at most 1"),
    Case("offset-15", "lat: 59.9, lon: 10.8", "lat: 59.9, lon: 10.8, utc_offset_hours: 15",
         "must be at most 14"),
    Case("rtt-light", "site: oslo, rtt_ms: 165", "site: oslo, rtt_ms: 16", "light in fibre"),
    Case("city-light", "rtt_ms: 160", "rtt_ms: 1.6", "light in fibre"),
    Case("row-twice", "  - {region: kenya, site: oslo, rtt_ms: 165}",
         "  - {region: kenya, site: oslo, rtt_ms: 165}\n"
         "  - {region: kenya, site: oslo, rtt_ms: 170}",
         "repeats an earlier row: kenya, oslo", "rtt_ms: 170"),
    Case("pair-twice", "  - {city_a: Oslo, city_b: Nairobi, rtt_ms: 160}",
         "  - {city_a: Oslo, city_b: Nairobi, rtt_ms: 160}\n"
         "  - {city_a: Nairobi, city_b: Oslo, rtt_ms: 161}", "repeats an earlier row",
         "rtt_ms: 161"),
    Case("watts", "cap_mw: 100", "cap_mw: 100000000000", "must be at most 1e+09"),
    Case("crumbs", "usd_per_mtok: 0.006", "usd_per_mtok: 1e-12", "must be 0 or at least 1e-09"),
    Case("sale-window", "available_until: 2030-01", "available_until: 2024-01",
         "must not be before available_from"),
    Case("two-pools", "    world:", "    other: {grants: 5}\n    world:",
         "a site draws on one pool",
         "    world:"),
    Case("not-open", "    opened: true\n", "", "which is not open", "site: oslo, unit_type: gen1"),
    Case("over-grid", "units: 4", "units: 40", "its grid connection carries 20 MW"),
    Case("over-halls", "initial_hall_mw: 10", "initial_hall_mw: 1\n    hall_lead_months: 24",
         "its halls hold 1 MW", "site: oslo, unit_type: gen1"),
    Case("over-region", "cap_mw: 100", "cap_mw: 1", "its cap is 1 MW"),
    Case("no-cooling", "{air: 1.25, liquid: 1.1}", "{liquid: 1.1}", "no pue for air cooling",
         "site: oslo, unit_type: gen1"),
    Case("no-lawful-site", ", shortfall_price_usd_per_mtok: 12}\ndata_classes:\n  public: {}",
         "}\ndata_classes:\n  public: {certification: moon}",
         "2 sites: its operator must hold moon",
         "{region: norway, workload: chat, data_class: pub"),
]

SOFT = [
    Case("soft-unknown", "quotas:\n", "soft_limits:\n  - {limit: bugdet, price_musd: 1}\nquotas:\n",
         "Did you mean 'budget'?", "  - {limit: bugdet"),
    Case("soft-demand", "quotas:\n", "soft_limits:\n  - {limit: demand, price_musd: 1}\nquotas:\n",
         "give the workload a shortfall_price_usd_per_mtok instead", "  - {limit: demand"),
    Case("soft-lease", "quotas:\n", "soft_limits:\n  - {limit: lease, price_musd: 1}\nquotas:\n",
         "no more can be leased than is offered", "  - {limit: lease"),
    Case("soft-conversion", "quotas:\n",
         "soft_limits:\n  - {limit: conversion, price_musd: 1}\nquotas:\n",
         "no more mining can be converted than exists", "  - {limit: conversion"),
    Case("soft-nowhere", "quotas:\n",
         "soft_limits:\n  - {limit: budget, at: [wold], price_musd: 1}\nquotas:\n",
         "Did you mean 'world'?", "  - {limit: budget"),
    Case("soft-dates", "quotas:\n",
         "soft_limits:\n  - {limit: quota, price_musd: 1, from_date: 2029, until_date: 2028}\n"
         "quotas:\n",
         "must be after 2029-01-01", "  - {limit: quota"),
    Case("soft-free", "quotas:\n", "soft_limits:\n  - {limit: quota, price_musd: 0}\nquotas:\n",
         "must be more than 0", "  - {limit: quota"),
]

SYNTAX = [
    Case("twice", "name: Base", "name: Base\nname: Other", "is given twice; first at line 1",
         "Other"),
    Case("site-twice", "  nairobi:\n", "  oslo:\n", "sites.oslo: is given twice",
         "  oslo:\n    operator: savanna"),
    Case("python-tag", "name: Base", "name: !!python/object/apply:os.system [ls]", "tag '!!python"),
    Case("set-tag", "blocs: [EEA]", "blocs: !!set {EEA}", "the tag '!!set' is not allowed"),
    Case("merge", "  savanna: {", "  savanna: {<<: {}, ", "merge keys"),
    Case("alias", "operator: savanna", "operator: *savanna", "has no anchor"),
    Case("self-alias", "blocs: [EEA]", "blocs: &b [*b]", "stands inside what it names"),
    Case("nan", "it_mw: 1.0", "it_mw: .nan", "must be a finite number"),
    Case("infinite", "it_mw: 1.0", "it_mw: .inf", "must be a finite number"),
    Case("too-large", "it_mw: 1.0", "it_mw: 1e999", "must be a finite number"),
    Case("digits", "it_mw: 1.0", "it_mw: " + "9" * 60, "more than 40 digits"),
    Case("two-documents", "solve: {", "---\nsolve: {", "more than one document", "---"),
    Case("key-list", "blocs: [EEA]", "[a]: [EEA]", "a key must be one name"),
    Case("unclosed", "blocs: [EEA]", "blocs: [EEA", "is not valid YAML"),
    Case("indentation", "    operator: savanna", "   operator: savanna", "is not valid YAML",
         "    jurisdiction: KE"),
    Case("tabs", "    operator: savanna", "\toperator: savanna", "is not valid YAML"),
    Case("nul", "name: Base", "name: Ba\0se", "U+0000"),
    Case("bell", "name: Base", "name: Ba\x07se", "U+0007"),
    Case("csv-missing", "throughput:\n", "city_rtt2: 1\nthroughput:\n", "no field", "city_rtt2"),
    Case("table-is-word",
         "cities:\n  Oslo: {lat: 59.9, lon: 10.7}\n  Nairobi: {lat: -1.3, lon: 36.8}",
         "cities: none", "must be a table or the name of a CSV file, but is 'none'"),
]

# fmt: on
CASES = FIELDS + NAMES + SENSE + SOFT + SYNTAX

FILES: list[tuple[str, bytes, int, str]] = [
    ("empty", b"", 1, "is empty"),
    ("comments", b"# nothing\n", 1, "is empty"),
    ("null", b"---\n", 1, "must be a table of fields"),
    ("list", b"- a\n- b\n", 1, "must be a table of fields (name: value), but is a list"),
    ("text", b"hello", 1, "must be a table of fields"),
    ("latin-1", BASE.replace("Base", "B\xe4se").encode("latin-1"), 1, "byte 0xE4 is not UTF-8"),
    ("utf-16", BASE.encode("utf-16"), 1, "is UTF-16 text"),
    ("deep", b"name: " + b"[" * 5000, 1, "nested deeper than 40 levels"),
    ("deep-braces", b"{a: " * 3000, 1, "nested deeper than 40 levels"),
    (
        "bomb",
        b"a: &a [x, x, x, x, x, x, x, x, x]\n"
        + b"".join(
            b"%c: &%c [%s]\n" % (97 + n, 97 + n, b", ".join([b"*%c" % (96 + n)] * 9))
            for n in range(1, 9)
        ),
        7,
        "aliases included",
    ),
    ("binary", bytes(range(250, -1, -1)), 1, "not UTF-8"),
    ("stray-colon", b"name: a: b\n", 1, "is not valid YAML"),
]
