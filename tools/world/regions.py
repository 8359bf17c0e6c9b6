"""Regions of the United Nations (M49), and groups of countries that rules speak of."""

from __future__ import annotations

# UN M49: the sub-region, or the intermediate region where M49 has one.
M49 = {
    "Northern Africa": "DZA EGY ESH LBY MAR SDN TUN",
    "Western Africa": "BEN BFA CIV CPV GHA GIN GMB GNB LBR MLI MRT NER NGA SEN SLE TGO",
    "Middle Africa": "AGO CAF CMR COD COG GAB GNQ STP TCD",
    "Eastern Africa": "BDI COM DJI ERI ETH KEN MDG MOZ MUS MWI RWA SOM SSD SYC TZA UGA ZMB ZWE",
    "Southern Africa": "BWA LSO NAM SWZ ZAF",
    "Caribbean": "BHS BRB CUB DOM GRD HTI JAM LCA TTO VCT",
    "Central America": "BLZ CRI GTM HND MEX NIC PAN SLV",
    "South America": "ARG BOL BRA CHL COL ECU GUY PER PRY SUR URY VEN",
    "Northern America": "CAN USA",
    "Central Asia": "KAZ KGZ TJK TKM UZB",
    "Eastern Asia": "CHN HKG JPN KOR MAC MNG PRK TWN",
    "South-eastern Asia": "BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM",
    "Southern Asia": "AFG BGD BTN IND IRN LKA MDV NPL PAK",
    "Western Asia": "ARE ARM AZE BHR CYP GEO IRQ ISR JOR KWT LBN OMN PSE QAT SAU SYR TUR YEM",
    "Eastern Europe": "BGR BLR CZE HUN MDA POL ROU RUS SVK UKR",
    "Northern Europe": "DNK EST FIN GBR IRL ISL LTU LVA NOR SWE",
    "Southern Europe": "ALB BIH ESP GRC HRV ITA MKD MLT MNE PRT SRB SVN XKX",
    "Western Europe": "AUT BEL CHE DEU FRA LUX NLD",
    "Oceania": "AUS FJI FSM KIR NZL PNG SLB TON VUT WSM",
}
REGION = {code: region for region, codes in M49.items() for code in codes.split()}
EUROPE = {code for region in M49 if region.endswith("Europe") for code in M49[region].split()} | {"CYP"}
BALKANS = frozenset("ALB BIH MKD MNE SRB XKX".split())
UNION = frozenset(
    "AUT BEL BGR CHE CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ISL ITA LTU LUX LVA MLT NLD NOR POL PRT ROU SVK "
    "SVN SWE".split()
)
"""The European Union and the other members of the Schengen area, at whose outer borders Frontex counts."""
GULF = frozenset("ARE BHR KWT OMN QAT SAU".split())
MEKONG = frozenset("KHM LAO MMR MYS THA VNM".split())
WEST_AND_CENTRAL_AFRICA = frozenset((M49["Western Africa"] + " " + M49["Middle Africa"]).split())
EXPLOITING = frozenset({"LBY"})
"""Where demand for exploited people is highest."""
