"""All facts in the order of their numbers, each with its source, band and quantities; and the four without a test.

To add a fact, write its measure in the module of its family and its declaration here. A band is never changed to fit
what was found; what has to be said of a result stands in ``why``.
"""

from __future__ import annotations

from eight_patterns import Quantity

from . import crackdowns, hubs, information, market, ways
from .fact import Fact

UNTESTABLE = {
    3: "a loss tolerance below which networks consolidate",
    6: "denser networks after recovery",
    8: "secure against efficient organisations",
    10: "the cost of late intervention",
}
"""Facts that the model has no mechanism for, declared before any test was written."""

ONE_READING = (7, 9, 13, 18, 22, 24, 27)
"""Facts that hold in the reading taken here, and would not, or not wholly, in another that their source allows."""

Q = Quantity
FACTS = (
    Fact(
        1, "Sustained interdiction never concentrates traffic", "Magliocca et al. 2019; Magliocca et al. 2024",
        "the effective number of ways rises or stays, more is seized; there are no loads in the model, so what a "
        "seizure is worth is left out",
        "60 officers who follow the flow at all borders for two years, or none", hubs.interdiction,
        (
            Q("effective legs", "leg", above=0.0),
            Q("effective border legs", "leg", above=-0.05),
            Q("people stopped", "share", above=0.0),
        ), 120,
    ),
    Fact(
        2, "Spread grows over years of pressure",
        "footprint of drug trafficking 1996-2017, press; Frontex 2015-20, effective routes 1.6 to 4.0",
        "more effective legs in the fifth year than in the first, against the twin",
        "20 officers more at all borders each year for five years, or none", hubs.years_of_pressure,
        (
            Q("effective legs, fifth year less first", "leg", above=0.0),
            Q("effective border legs, likewise", "leg"),
        ), 120,
    ),
    Fact(
        4, "Removing one kingpin has little lasting effect", "Campana 2018; Duijn, Kashirin & Sloot 2014",
        "throughput is back to at least 90 % within months; rivals take a larger share of those carried",
        "1,000 officers at the most central hub for 12 days, or none", hubs.kingpin,
        (
            Q("arrivals, 1-90 days after", "share"),
            Q("arrivals, 91-360 days after", "share", above=-0.1),
            Q("share of rivals, 1-90 days after", "share", above=0.0),
        ), 240, 9000,
        again="it first asked for more people carried by rivals, where the source says a larger share of the market; "
        "fewer are carried in all.",
    ),
    Fact(
        5, "Central hubs hurt most, then money, then any; recovery evens it out", "Bright et al. 2017; Diviák 2023",
        "that order at the hit, and a smaller gap afterwards",
        "five hubs raided by 5,000 officers: the most central ones, those that take most money, or five by lot",
        hubs.ranking,
        (
            Q("arrivals at the hit, central less money", "share", below=0.0),
            Q("arrivals at the hit, money less random", "share", below=0.0),
            Q("gap of central and random, after less at the hit", "share", below=0.0),
        ), 120,
        why="Hubs that take most money do about as much harm to the flow as the most central ones, and the order that "
        "holds at the hit is still there a year later: the places of raided hubs stay worse served.",
    ),
    Fact(
        7, "Disruption is concave in the share arrested", "MADTOR, a model of drug organisations",
        "a further share of members taken costs less than the first one",
        "800, 3,200 or 12,800 officers at all recruiters and hubs for 12 days, or none", hubs.share_arrested,
        (
            Q("members taken, smallest", "share"),
            Q("members taken, largest", "share"),
            Q("loss per share taken, last step less first", "1", below=0.0),
        ), 2400, 20000,
        again="with 240 pairs, and later with 600, its interval was too wide to tell; it got 2,400.",
        why="Members are recruiters and hubs. In tries in which recruiters alone were taken, the last ones cost most: "
        "those who are left reach their people.",
    ),
    Fact(
        9, "Cutting recruitment beats incapacitation in the long run", "Prieto-Curiel et al. 2023; Kosmas et al.",
        "less flow in the fifth year; compared as in the first source, recruiting halved against incapacitation "
        "doubled, since nobody knows what either costs",
        "recruiters' reach halved, or the rates of arrests and raids doubled", hubs.recruitment,
        (
            Q("recruiting halved", "share"),
            Q("incapacitation doubled", "share"),
            Q("recruiting halved, less incapacitation doubled", "share", below=0.0),
            Q("100 officers at recruiters, less as many at hubs", "share"),
        ),
        why="It is a comparison of rates. At equal officers the opposite holds: those at hubs lower arrivals more than "
        "those at recruiters, who are soon replaced or go online.",
    ),
    Fact(
        11, "The same effort does different things by what went before", "van Elteren 2024",
        "under the same dose fewer cross where pressure was higher before",
        "20 officers at the main route after a year of 100, or after a year of none", crackdowns.hysteresis,
        (
            Q("crossings, days 1-180 of the same dose", "share", below=0.0),
            Q("crossings, days 181-360", "share"),
        ), 120,
        why="It was read over one year; whether the difference ever ends is not tested, nor are thresholds.",
    ),
    Fact(
        12, "A short crackdown makes a dip, then flow returns", "Sherman 1990; van Elteren 2025",
        "a dip; 90-110 % within half a year", "200 officers at the main route for 12 days, or none", crackdowns.short,
        (Q("1-45 days after", "share", below=0.0), Q("136-180 days after", "share", -0.1, 0.1)), 120,
    ),
    Fact(
        13, "Deterrence decays under a constant dose", "Sherman 1990; Sorg et al. 2013",
        "the effect at the end is smaller than at the start",
        "200 officers at the main route for a year, made public, or none, at a sea where most of those found are "
        "registered and let on, as on the Central Mediterranean", crackdowns.constant_dose,
        (
            Q("departures, days 31-90", "share", below=0.0),
            Q("departures, days 181-360", "share"),
            Q("departures, late less early", "share", above=0.0),
            Q("all arrivals, late less early", "share"),
        ),
        why="It decays where people feared more than came, which is what the sources say of it. In tries on the "
        "classroom network itself, where most of those found are turned back, experience confirmed what was feared and "
        "nothing decayed.",
    ),
    Fact(
        14, "Displacement by a short crackdown is gone after three months", "Sorg et al. 2013",
        "more on the other routes at first; within 10 % of the twin 91-180 days after the end",
        "as 12", crackdowns.fading_displacement,
        (
            Q("other routes, days 1-57", "share", above=0.0),
            Q("other routes, 91-180 days after", "share", -0.1, 0.1),
        ), 120,
    ),
    Fact(
        15, "Displacement is usually partial", "Guerette & Bowers 2009",
        "part of the loss, not all; WDQ above -1 in most; evaluations see displacement in 10-40 % (found: 26 %) and "
        "diffusion in 10-40 % (27 %)",
        "operations drawn by lot: each route, 20 to 200 officers, 12 to 90 days, or none", ways.observations,
        (
            Q("displaced share of the loss", "share", 0.0, 1.0),
            Q("WDQ above -1, of those that see a fall", "share", above=0.5),
            Q("evaluations that see displacement", "share", 0.1, 0.4),
            Q("evaluations that see diffusion", "share", 0.1, 0.4),
        ), 240,
    ),
    Fact(
        16, "A block is displaced by 10-60 % with a substitute, after 6-20 months; by 0-3 % without",
        "Frontex: Central Mediterranean 2017, Morocco 2019, EU-Türkiye 2016",
        "those shares in two years; less than half of the third year's level in months 1-6, more in months 19-24",
        "the main route closed for good, or open; with the other routes as they are, or 5,000 USD dearer",
        ways.permanent_block,
        (
            Q("substitute: displaced in two years", "share", 0.1, 0.6),
            Q("no substitute: displaced in two years", "share", -0.03, 0.03, "estimate"),
            Q("months 1-6, less half of the third year", "share", below=0.0),
            Q("months 19-24, less half of the third year", "share", above=0.0),
        ),
        why="With a substitute the size is right; without one it is a little above the band; and there is no lag. "
        "Those on their way are at the coast when it closes and take the next route within weeks, so that displacement "
        "is largest at first; routes learn to serve more, but on top of that.",
    ),
    Fact(
        17, "Substitution depends on origin", "Frontex by nationality 2016-18: Libya 2017",
        "from none (here: within 10 %) to more than 75 % by group, in one shock",
        "the sea legs of the Central Mediterranean closed, or open, in the world of real places", ways.by_origin,
        (
            Q("from Libya and Tunisia", "share", -0.1, 0.1),
            *(Q(name, "share") for name in list(ways.GROUPS)[1:-1]),
            Q("from Syria, Iraq and Iran", "share", above=0.75, holds_by="estimate"),
            Q("last group less first", "share", above=0.0),
        ), 40, 9000, space=False,
        again="it first took the world's classes of people, which are coarser than the record's nationalities; it "
        "fails either way.",
        why="The spread is there; the ranking of the record is not: it has Nigerians, Eritreans and "
        "Sudanese at none and Malians and Guineans above 75 %. The group at the upper end is small on this route, its "
        "interval wide.",
    ),
    Fact(
        18, "Fast fall; no quick rebound while a control stays; rebound in weeks when it is lifted",
        "Frontex: Central Mediterranean 2017-20; Agadez 2016-23",
        "80-93 % less in the third month; still below half in the second year; more than half back in weeks 3-8 after "
        "the end",
        "400 officers at the main route, made public, for four years, for one, or none", crackdowns.fall_and_rebound,
        (
            Q("control stays: third month", "share", -0.93, -0.8, "estimate"),
            Q("control stays: second year", "share", below=-0.5),
            Q("control stays: fourth year", "share"),
            Q("lifted: 3-8 weeks after", "share", above=-0.5, holds_by="estimate"),
        ), 120,
        why="The size of the operation was chosen for a fall of that size; what is tested is its pace and its end. "
        "The slow return within two to six years under a control that stays is not there: the fourth year is as the "
        "second.",
    ),
    Fact(
        19, "Fees rise less than in proportion to enforcement", "Gathmann 2008",
        "elasticity 0.1-0.25 (enforcement tripled: 17-30 % more)",
        "the build-up of agents at the US-Mexico border 1993-2000, or each sector's leanest year", market.fees,
        (
            Q("agents, times", "1"),
            Q("fee", "share", above=0.0),
            Q("elasticity of the fee", "1", 0.1, 0.25),
        ), 40, space=False,
        why="Fees rise, and less than in proportion, but by less than was found: the markup follows what is believed "
        "of being stopped, and that rose less than the number of agents.",
    ),
    Fact(
        20, "Enforcement lengthens ways and raises risk; deaths can fall all the same", "Frontex and IOM 2017-19",
        "more deaths per crossing, fewer deaths, longer ways", "60 officers at all borders for two years, or none",
        market.detours,
        (
            Q("deaths per 1,000 crossings", "1/1000", above=0.0),
            Q("deaths", "share", below=0.0),
            Q("km travelled per arrival", "km", above=0.0),
        ),
    ),
    Fact(
        21, "Coordinated and sequenced beats isolated", "darknet markets, Bayonet against Onymous: TNO",
        "less displaced for the same officer-days, and the second closing adds less than 5 % elsewhere",
        "200 officers for 24 days at the main route, or for 12 there and then for 12 at its neighbour",
        information.coordination,
        (
            Q("displaced share, alone", "share"),
            Q("displaced share, sequenced", "share"),
            Q("sequenced, less alone", "share", below=0.0),
            Q("third route, what the second closing adds", "share", below=0.05),
        ), 120,
    ),
    Fact(
        22, "A small budget is best spent on a signal, a large one on hubs", "Duxbury & Haynie 2020",
        "arrivals fall more by the signal at the small budget, by hubs at the large one",
        "100 or 10,000 officers for 12 days, public and spread over all borders, or against the one or the ten most "
        "central hubs", information.signal_or_hubs,
        (
            Q("small budget: signal", "share"),
            Q("small budget: hubs", "share"),
            Q("small budget: signal, less hubs", "share", below=0.0),
            Q("large budget: signal", "share"),
            Q("large budget: hubs", "share"),
            Q("large budget: signal, less hubs", "share", above=0.0),
        ),
        why="Ties between members are not in the model, so an attack on weak links has no counterpart: signals alone "
        "are tested.",
    ),
    Fact(
        23, "More rumours: routes vary more, are worse, and closures are answered later", "Hinsch & Bijak 2019, 2023",
        "all three", "no rumours, or a tenth of the difference between networks mixed a day", information.rumours,
        (
            Q("variance of routes between runs", "share", above=0.0),
            Q("stopped per departure", "share", above=0.0),
            Q("fall in the first 60 days", "share", above=0.0),
        ), 240,
        why="A rumour here is another network's belief, passed on without error. Mixing beliefs makes routes neither "
        "more variable nor worse; false information, which the source is about, is not in the model.",
    ),
    Fact(
        24, "Closing hurts more than opening helps", "Suleimenova & Groen 2020",
        "arrivals lost by closing a leg exceed those won by opening its twin",
        "one of the main route's two legs is open: it closes, or the other opens; both legs in both parts",
        crackdowns.closing_and_opening,
        (
            Q("arrivals lost by closing", "share"),
            Q("arrivals won by opening", "share"),
            Q("lost, less won", "share", above=0.0),
            Q("both legs, lost by closing less won by reopening", "share"),
        ), 120,
        why="It holds from one state, since the second leg is worth less than the first. A leg that closes and reopens "
        "is won back in full, and then closing hurts no more than opening helps.",
    ),
    Fact(
        25, "Building the case before arrests beats arresting at once",
        "interdependent network interdiction, three US cases",
        "fewer arrivals in a year and a half",
        "200 officers a hub at all hubs and recruiters for 30 days: cases struck together on the last day, or at once",
        hubs.case_building,
        (
            Q("struck together", "share"),
            Q("at once", "share"),
            Q("struck together, less at once", "share", below=0.0),
        ), 240,
        why="Until the day of the strike nobody is arrested, and those who are spared go on. What is gained by "
        "striking together and what is lost by waiting cannot be told apart.",
    ),
    Fact(
        26, "Diverted traffic follows the next-cheapest way", "Dell 2015",
        "rank correlation above 0 of how cheap the best way over a border leg is with what the leg gains",
        "the busiest border leg closed, or open, in eight made-up networks", ways.next_cheapest,
        (Q("rank correlation of cheapness and gain", "1", above=0.0),),
    ),
    Fact(
        27, "Strong seasons, heavy swings from year to year", "Frontex 2009-20",
        "peak month over trough 3.3-5.5 (found: 4.4); standard deviation of yearly log changes 0.5-1.3, mean of the "
        "routes",
        "twelve years with controls at the dates of the record's; twelve without", market.year_to_year,
        (
            Q("Central: peak month over trough", "1", 3.3, 5.5),
            Q("volatility, with the record's controls", "1", 0.5, 1.3),
            Q("volatility, without any", "1"),
        ),
        why="The record's swings include its shocks, so they are compared with a world that has some. The season of "
        "these seas is the record's own, put in.",
    ),
    Fact(
        28, "A placebo's WDQ is centred on 0, with wide tails where counts are small",
        "Guerette 2009, read as a placebo test",
        "above 0 in 45-55 %; beyond 1 more often where the treated count is small",
        "operations of no officers at border legs and days by lot, in the world of real places", information.placebo,
        (
            Q("WDQ above 0, of all", "share", 0.45, 0.55),
            Q("beyond 1 either way, of all", "share"),
            Q("beyond 1, small counts less large", "share", above=0.0),
        ), 24, space=False,
        why="The tails are as wide as said, but the middle is above 0. A control that rises by chance lowers numerator "
        "and denominator alike, and neighbours share their origins' swings: a placebo looks like diffusion.",
    ),
    Fact(
        29, "Spill-over to neighbours can be a fall", "Dávalos & Morales: 8 % less, neighbours 3 % less",
        "reachable for some parameters: 4-12 % less where treated, less next to it too",
        "4 officers at the main route for two years, or none, among people easily discouraged: value_slope 3, "
        "intercept -2, lapse_days 20, retry 0.3, scale 800, route_growth 0", ways.diffusion,
        (
            Q("treated route", "share", -0.12, -0.04, "estimate"),
            Q("other routes", "share", below=0.0),
            Q("arrivals", "share"),
        ), 240, 9000,
        again="it first kept those who decline or are stopped among the prospects, at another corner of the ranges, "
        "and what the other routes lost could not be told from nothing.",
        why="Only at such a corner of the plausible ranges, and by less than the source found; at the defaults "
        "neighbours gain.",
    ),
)  # fmt: skip
