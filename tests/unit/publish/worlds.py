"""A small night with everything a report must survive: eleven people, two groups, three introductions, a gathering.

Some names and words are attacks. `PRIVATE_WORDS` and `EXACT_PLACES` must reach no file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import polars as pl

from matcher.tables.community import Blocks, Community, Members, Messages, community_as_of
from matcher.tables.geography import Places, Towns
from matcher.tables.proposals import (
    Account,
    Attendances,
    Figure,
    HubChoices,
    Introductions,
    Matching,
    Objective,
    Plan,
    RunFacts,
    Seats,
    Unplaced,
)

AS_OF = datetime(2024, 5, 1, 3, 0, tzinfo=UTC)
PRIVATE_WORDS = ("lives-alone-since-march", "Elm Street 12", "whispered-in-private")
EXACT_PLACES = ("45.51234", "-122.67891", "45.5123", "122.6789")
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example","x")'
BIDI = "Ada\u202egnp.exe\u202c\u0007"

NAMES: Mapping[str, str] = {
    "m01": "Ana Ruiz",
    "m02": SCRIPT,
    "m03": FORMULA,
    "m04": BIDI,
    "m05": "Émile O'Neill",
    "m06": '" onmouseover="alert(1)',
    "m07": "@sum(1+1)*cmd|' /C calc'!A0",
    "m08": "李小龍",
    "m09": "שרה כהן",
    "m10": "{{ 7 * 7 }}",
    "m11": '-Kim & Søn, "the third"\nof that name',
    "m12": "\u200b\u0000",
    "m13": "Quiet Quinn",
}
TOWNS = (
    ("Portland, Oregon", 45.52345, -122.67621, 652_503),
    ("Salem, Oregon", 44.9429, -123.0351, 174_365),
    ("Lyon, Auvergne-Rhône-Alpes", 45.74846, 4.84671, 522_969),
    ("Seattle, Washington", 47.60621, -122.33207, 737_015),
    ("Geneva, Switzerland", 46.20222, 6.14569, 201_741),
    ("Spokane, Washington", 47.65966, -117.42908, 228_989),
    ("Genoa, Liguria", 44.40478, 8.94439, 580_097),
)
HUBS = (
    ("Denver, CO", 39.73915, -104.9847, 716_577),
    ("Chicago, IL", 41.85003, -87.65005, 2_664_452),
    ("Honolulu, HI", 21.30694, -157.85833, 350_964),
)
HOMES: Mapping[str, tuple[str, float, float]] = {
    "m01": ("Portland, Oregon", 45.51234, -122.67891),
    "m02": ("Portland, Oregon", 45.55, -122.62),
    "m03": ("Seattle, Washington", 47.61, -122.33),
    "m04": ("Eugene, Oregon", 44.05, -123.09),
    "m05": ("Lyon, France", 45.75, 4.85),
    "m06": ("Geneva, Switzerland", 46.2, 6.15),
    "m07": ("Torino, Italy", 45.07, 7.69),
    "m08": ("Seattle, Washington", 47.63, -122.31),
    "m09": ("Tacoma, Washington", 47.25, -122.44),
    "m10": ("Berlin, Germany", 52.52, 13.41),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Night:
    """All that the files of one run are written from."""

    plan: Plan
    community: Community
    places: Places
    facts: RunFacts
    figures: tuple[Figure, ...]


def a_night() -> Night:
    """Two groups (four in Portland, three in Lyon), three pairs, two left out."""
    community = _community()
    return Night(
        plan=_plan(community),
        community=community,
        places=_places(community),
        facts=RunFacts(
            run_id="2024-05-01-ab12cd34",
            seed=1,
            model="all-MiniLM-L6-v2 53aa5117",
            input_fingerprint="1f" * 32,
            settings_fingerprint="2e" * 32,
        ),
        figures=(
            Figure(section="community", name="n_members", value=13, meaning="members who agreed to be matched"),
            Figure(section="community", name="placed_share", value=0.769, meaning="members whose home is known"),
            Figure(section="pairs", name="n_candidates", value=12_345, meaning="pairs worth scoring"),
            Figure(section="seconds", name="embed_seconds", value=12.345, meaning="turning words into vectors"),
        ),
    )


def a_travelled_night() -> Night:
    """Beside all of `a_night`, seven people travel to Denver; from where two of them come nobody knows."""
    night = a_night()
    enum = night.community.index.enum
    attendances = pl.DataFrame(
        [
            (0, "m01", 0, 1581.2, 3.1, 0.9),
            (0, "m02", 0, 1577.8, 2.2, 0.9),
            (0, "m03", 0, 1642.4, 2.8, 1.0),
            (0, "m05", 0, 8263.0, 3.4, 2.9),
            (0, "m08", 0, 1640.6, 1.2, 1.0),
            (0, "m11", 0, 900.0, 1.9, 0.4),
            (0, "m13", 0, 610.0, 2.0, 0.3),
        ],
        schema=["gathering", "member", "hub", "travel_km", "company", "effort"],
        orient="row",
    ).with_columns(pl.col("gathering", "hub").cast(pl.UInt32), pl.col("member").cast(enum))
    choices = pl.DataFrame(
        [
            (0, 0, 0, 7, 2302.1, 8263.0, 9.2),
            (0, 1, 1, 5, 2790.9, 7097.4, 8.4),
            (0, 2, 2, 4, 4801.3, 12140.6, 3.1),
        ],
        schema=HubChoices.schema(),
        orient="row",
    )
    plan = replace(
        night.plan,
        attendances=Attendances.sorted(attendances),
        hub_choices=HubChoices.sorted(choices),
        gathering_accounts=(_account(["t3", "t7"], ["11 of their 21 pairs answer each other already."]),),
        hubs=_towns(HUBS),
        gathering_objective=Objective(value=9.2, upper_bound=9.5, bound_scope="all hubs", stranger_chance=1 / 3000),
    )
    return replace(night, plan=plan)


def an_empty_night() -> Night:
    """Nobody wrote a word, so nothing is proposed."""
    full = a_night()
    index = full.community.index
    plan = Plan(
        as_of=AS_OF,
        seats=Seats(full.plan.seats.frame.clear()),
        introductions=Introductions(full.plan.introductions.frame.clear()),
        unplaced=_unplaced(full.community, dict.fromkeys(index.ids, "nothing_said")),
        group_accounts=(),
        introduction_accounts=(),
        towns=Towns(full.plan.towns.frame.clear()),
        objective=Objective(value=0.0, upper_bound=None, bound_scope="candidate pairs", stranger_chance=1 / 3000),
        matching=Matching(value=0.0, upper_bound=0.0, bound_scope="candidate pairs", n_blocking_pairs=0),
    )
    return Night(plan=plan, community=full.community, places=full.places, facts=full.facts, figures=())


def _community() -> Community:
    members = pl.DataFrame(
        {
            "member": list(NAMES),
            "name": list(NAMES.values()),
            "about": [f"{PRIVATE_WORDS[0]} {member}" for member in NAMES],
            "interests": [["bread"]] * len(NAMES),
            "place_text": [PRIVATE_WORDS[1]] * len(NAMES),
            "lat": [HOMES[member][1] if member in HOMES else None for member in NAMES],
            "lon": [HOMES[member][2] if member in HOMES else None for member in NAMES],
            "reach_km": [400.0] * len(NAMES),
            "is_opted_in": [True] * len(NAMES),
        },
        schema_overrides=Members.schema(),
    )
    blocks = Blocks.sorted(pl.DataFrame({"member": ["m01"], "blocked": ["m13"]}))
    return community_as_of(Members.sorted(members), _messages(), blocks, AS_OF, notice="This community is synthetic.")


def _messages() -> Messages:
    long = "A sourdough starter is a small zoo that you keep on the counter, and it wants feeding. " * 6
    said = [
        ("t1", "m01", True, long, "https://forum.example/t/1?a=1&b=2"),
        ("t2", "m02", True, f"{SCRIPT} I fold mine every half hour <b>gently</b>.", "javascript:alert(1)"),
        (
            "t3",
            "m03",
            True,
            "=1+1 is what my oven says; 230 degrees are fine with me.",
            'https://x.example/" onclick="a',
        ),
        ("t4", "m04", False, PRIVATE_WORDS[2], "https://forum.example/private"),
        ("t5", "m05", True, "Le levain aime la chaleur.\n\nEt la patience \u202e aussi.", ""),
        ("t6", "m06", True, "http://spam.example/" + "x" * 400, "ftp://forum.example/6"),
        ("t7", "m08", True, "麵" * 400, "https://forum.example/t/7"),
    ]
    return Messages.sorted(
        pl.DataFrame(
            {
                "message": [row[0] for row in said],
                "author": [row[1] for row in said],
                "sent_at": [AS_OF - timedelta(days=30 - row) for row in range(len(said))],
                "thread": ["bread"] * len(said),
                "channel": ["baking <i>club</i>"] * len(said),
                "is_public": [row[2] for row in said],
                "reply_to": [None] * len(said),
                "mentions": [[]] * len(said),
                "topics": [["bread"]] * len(said),
                "text": [row[3] for row in said],
                "n_links": [0] * len(said),
                "url": [row[4] for row in said],
            },
            schema_overrides=Messages.schema(),
        )
    )


def _places(community: Community) -> Places:
    frame = pl.DataFrame(
        {
            "member": list(HOMES),
            "label": [label for label, _, _ in HOMES.values()],
            "country": [""] * len(HOMES),
            "lat": [lat for _, lat, _ in HOMES.values()],
            "lon": [lon for _, _, lon in HOMES.values()],
            "time_zone": [""] * len(HOMES),
            "uncertainty_km": [8.0] * len(HOMES),
            "share": [1.0] * len(HOMES),
            "reach_km": [400.0] * len(HOMES),
            "far_km": [400.0] * len(HOMES),
        }
    )
    return Places.sorted(frame.with_columns(pl.col("member").cast(community.index.enum)))


def _plan(community: Community) -> Plan:
    enum = community.index.enum
    seats = pl.DataFrame(
        [
            (0, "m01", 0, 0.4, 0.71),
            (0, "m02", 0, 5.1, 0.64),
            (0, "m03", 0, 233.04, 0.52),
            (0, "m04", 0, 166.28, 0.31),
            (1, "m05", 2, 0.1, 0.44),
            (1, "m06", 2, 112.6, 0.48),
            (1, "m07", 2, 233.9, 0.4),
        ],
        schema=["group", "member", "town", "travel_km", "fit_share"],
        orient="row",
    ).with_columns(pl.col("group", "town").cast(pl.UInt32), pl.col("member").cast(enum))
    seats = seats.with_columns(overdue_bonus=0.0, travel_cost=0.0, repeat_cost=0.0)
    pairs = pl.DataFrame(
        [
            ("m01", "m08", 0.62, 0.55, 0.583, "introduce", "m03", 3, 233.0, 2.1),
            ("m03", "m09", 0.31, 0.28, 0.294, "reunite", None, 3, 0.9, 40.2),
            ("m10", "m11", 0.81, 0.22, 0.346, "reunite", None, None, None, None),
        ],
        schema={
            "member_a": pl.String,
            "member_b": pl.String,
            "a_to_b": pl.Float64,
            "b_to_a": pl.Float64,
            "mutual": pl.Float64,
            "kind": pl.String,
            "via": pl.String,
            "town": pl.UInt32,
            "travel_km_a": pl.Float64,
            "travel_km_b": pl.Float64,
        },
        orient="row",
    ).with_columns(pl.col("member_a", "member_b", "via").cast(enum))
    return Plan(
        as_of=AS_OF,
        seats=Seats.sorted(seats),
        introductions=Introductions.sorted(pairs),
        unplaced=_unplaced(community, {"m12": "nothing_said", "m13": "others_fitted_better"}),
        group_accounts=(
            _account(["t1", "t2", "t3", "t4"], ["Ana Ruiz and three others answered each other 24 times since March."]),
            _account(["t5", "t6"], [f"They both answer questions on {SCRIPT}."]),
        ),
        introduction_accounts=(
            _account(["t1", "t7"], ["Ana answers what 李小龍 keeps asking."]),
            _account([], []),
            _account(["missing"], ["They wrote 12 messages to each other."]),
        ),
        towns=_towns(TOWNS),
        objective=Objective(value=3.5, upper_bound=3.6, bound_scope="candidate pairs", stranger_chance=1 / 3000),
        matching=Matching(value=1.223, upper_bound=1.25, bound_scope="candidate pairs", n_blocking_pairs=4),
    )


def _account(evidence: Sequence[str], reasons: Sequence[str]) -> Account:
    return Account(
        reasons=tuple(reasons),
        shared_topics=("bread", "fermentation & <time>"),
        evidence=tuple(evidence),
        starter="@everyone: which loaf would you bring?",
    )


def _towns(towns: Sequence[tuple[str, float, float, int]]) -> Towns:
    rows = [(town, *told, "", None) for town, told in enumerate(towns)]
    return Towns(pl.DataFrame(rows, schema=Towns.schema(), orient="row"))


def _unplaced(community: Community, reasons: Mapping[str, str]) -> Unplaced:
    frame = pl.DataFrame({"member": list(reasons), "reason": list(reasons.values())})
    return Unplaced.sorted(
        frame.with_columns(
            pl.col("member").cast(community.index.enum),
            pl.col("reason").cast(Unplaced.columns["reason"].dtype),
            detail=pl.lit(""),
        )
    )
