"""What a geocoder is asked, and what it may never be told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import SettingsError
from matcher.geography.asking import ask_geocoder, may_be_asked, texts_to_ask
from matcher.geography.geocoder import GeocoderOptions, NoGeocoder
from matcher.geography.readings import Reading
from matcher.tables.community import Community
from matcher.tables.geography import HomeReadings
from tests.worlds import Person, world

HAMLET = Reading(label="Kleinkleckersdorf, Germany", country="DE", time_zone="", lat=51.0, lon=11.0,
                 uncertainty_km=8.0, share=0.6)  # fmt: skip
PLACES = [
    "Kleinkleckersdorf",
    "Zzyzx, California",
    "Sankt Nimmerlein am See",
    "Ньюпорт",
    "東京都千代田",
    "St Mary's, Kleindorf",
    "Bad Kleinweg",
]
PRIVATE = [
    "12 High Street", "Room 4b, Springfield", "75001", "ana@example.org", "@ana", "github.com/ana", "https://a.example",
    "www.ana.example", "/dev/null", "C:\\Users", "#bread", "<script>", "+49 30 1234567", "snake_case",
    "discord: janesmith", "Twitter: jane", "twitter jane", "Ｊａｎｅ＠ｘ．ｃｏｍ", "１２ Elm", "High Street Kleindorf",  # noqa: RUF001 full width
    "Hauptstraße, Kleindorf", "Rue de la Gare, Petitville", "HIV ward St Mary's", "Rehab clinic Betty Ford",
    "Universitätsklinik Kleindorf", "He/him", "she/they, Kleindorf", "gay", "Trans, Kleindorf", "ask me!",
]  # fmt: skip
NO_PLACES = [
    "", "  ", "a", "Hogwarts", "Earth", "The Moon", "Hogwarts, Scotland", "UTC+2", "CET", "🌍", "\u202eParis", "a\nb",
    "somewhere between my desk and the coffee machine", "x" * 200,
]  # fmt: skip


class Sibyl:
    """Knows one hamlet, and remembers what it was asked."""

    name = "sibyl"
    attribution = ""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, texts: Sequence[str]) -> Mapping[str, tuple[Reading, ...]]:
        """Answer all."""
        self.asked += texts
        elsewhere = replace(HAMLET, label="Kleinkleckersdorf, Austria", country="AT", lat=47.0, share=0.2)
        return {text: (HAMLET, elsewhere) if text == "Kleinkleckersdorf" else () for text in texts}


def _world() -> Community:
    return world(
        [],
        [
            Person(id="ana", place="Lyon, France"),
            Person(id="ben", place="Zzyzx, California"),
            Person(id="cat", place=" Kleinkleckersdorf "),
            Person(id="dan", place="Kleinkleckersdorf"),
            Person(id="eve", place="Kleinkleckersdorf", at=(51.0, 11.0)),
            Person(id="fay", place="ana@example.org"),
        ],
    )


def _readings(community: Community, *members: str) -> HomeReadings:
    """These members are known already."""
    home = {"reading": 0, "label": "Lyon", "country": "FR", "time_zone": "Europe/Paris", "lat": 45.8, "lon": 4.8,
            "uncertainty_km": 8.0, "share": 1.0}  # fmt: skip
    schema: dict[str, pl.DataType] = {**HomeReadings.schema(), "member": community.index.enum}
    return HomeReadings.sorted(pl.DataFrame([{"member": member, **home} for member in members], schema=schema))


@pytest.mark.parametrize("text", PLACES)
def test_a_name_may_be_asked(text: str) -> None:
    """In any script."""
    assert may_be_asked(text)


@pytest.mark.parametrize("text", [*PRIVATE, *NO_PLACES], ids=lambda text: repr(text[:30]))
def test_what_is_private_or_no_place_is_never_sent(text: str) -> None:
    """Numbers, links, handles, streets, clinics and pronouns are nobody's business; a joke has no coordinates."""
    assert not may_be_asked(text)


@given(text=st.text(max_size=80))
def test_no_digit_and_no_mail_leaves_the_machine(text: str) -> None:
    """Whatever somebody wrote."""
    assert not (may_be_asked(text) and (any(letter.isdigit() for letter in text) or "@" in text or "\n" in text))


def test_each_unknown_text_is_asked_once() -> None:
    """Those of most members first; nobody who has a reading or gave coordinates is asked about."""
    community = _world()

    assert texts_to_ask(_readings(community, "ana", "eve"), community) == ["Kleinkleckersdorf", "Zzyzx, California"]


def test_answers_become_readings_and_change_no_other() -> None:
    """Whoever wrote the text has its readings; who has one keeps it; who is unknown there stays so."""
    community, sibyl = _world(), Sibyl()
    before = _readings(community, "ana", "eve")

    after = ask_geocoder(before, community, sibyl)

    rows = after.frame.select(pl.col("member").cast(pl.String), "reading", "country", "share").rows()
    assert rows == [
        ("ana", 0, "FR", 1.0), ("cat", 0, "DE", 0.6), ("cat", 1, "AT", 0.2), ("dan", 0, "DE", 0.6),
        ("dan", 1, "AT", 0.2), ("eve", 0, "FR", 1.0),
    ]  # fmt: skip
    assert sibyl.asked == ["Kleinkleckersdorf", "Zzyzx, California"]


def test_by_default_nobody_is_asked() -> None:
    """The gazetteer's word is the last."""
    community = _world()
    before = _readings(community, "ana")

    assert ask_geocoder(before, community, NoGeocoder()).frame.equals(before.frame)
    assert GeocoderOptions().service == "none"


@pytest.mark.parametrize(
    "said",
    [
        {"service": "google"},
        {"service": "nominatim"},
        {"service": "nominatim", "contact": "me"},
        {"service": "nominatim", "contact": "a@b.example\r\nX-Evil: 1"},
        {"service": "nominatim", "contact": "a@b.ex", "per_second": 5.0},
        {"service": "nominatim", "contact": "a@b.ex", "domain": "NOMINATIM.openstreetmap.org", "per_second": 2.0},
        {"domain": "evil.example/?q="},
        {"per_second": 0.0},
        {"at_most": -1},
        {"timeout_seconds": 0.0},
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_a_service_forbids_are_refused(said: dict[str, object]) -> None:
    """Whoever sends requests can be written to, and is no faster than allowed."""
    with pytest.raises(SettingsError, match=r"^geocoder\.\w+ is .*needs"):
        GeocoderOptions(**said)  # type: ignore[arg-type]


def test_a_server_of_ones_own_may_be_faster() -> None:
    """It has no policy but its owner's."""
    own = GeocoderOptions(
        service="nominatim", contact="https://us.example/contact", domain="http://localhost:8080", per_second=50
    )

    assert own.per_second == 50
