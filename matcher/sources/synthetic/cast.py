"""Who is there: people with names, homes, interests and habits, and who knows whom."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from matcher.errors import InputError
from matcher.sources.synthetic.phrasing import VOICES, Scribe
from matcher.sources.synthetic.stock import City, Interest, Stock

SMALLEST = 60
FULL_SIZE = 240
FAR_FRIENDS = 14
NEXT_TOWN_REACH_KM = 100.0
HOMEBODY_REACH_KM = 40.0
REACHES_KM = (30.0, 40.0, 50.0, 60.0, 80.0)
SLOTS = ("sat-am", "sat-pm", "sun-am", "sun-pm", "wed-eve")
SECOND_LANGUAGES = ("french", "german", "polish", "spanish")
HOSTILE_NAME = "=HYPERLINK(\"https://evil.example\") Bobby <script>alert('hi')</script>\u202e; DROP\u0007"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One member as the writer knows them.

    Attributes:
        member: Their id.
        name: Full, as shown.
        first: What others call them.
        voice: How they type.
        interests: What they talk about, most loved first.
        declared: What they declare, in the words of their profile.
        about: What they say of themselves, or empty.
        city: Where they live, whatever they admit to.
        place_text: Home as they wrote it, or empty.
        reach_km: How far they will travel, or None.
        is_opted_in: Whether they agreed to be matched.
    """

    member: str
    name: str
    first: str
    voice: str
    interests: tuple[Interest, ...]
    declared: tuple[str, ...]
    about: str
    city: City
    place_text: str
    reach_km: float | None
    is_opted_in: bool = True

    @property
    def languages(self) -> tuple[str, ...]:
        """What every third member states; English, which all of them write, is always among it."""
        number = int(self.member[1:])
        return ("english", SECOND_LANGUAGES[number % len(SECOND_LANGUAGES)]) if number % 3 == 0 else ()

    @property
    def availability(self) -> tuple[str, ...]:
        """What every fourth member states; most can on Saturday afternoon, a few on Wednesday evening alone."""
        number = int(self.member[1:])
        if number % 4:
            return ()
        return ("wed-eve",) if number % 40 == 0 else tuple(sorted({"sat-pm", SLOTS[number // 4 % len(SLOTS)]}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Circle:
    """Friends of one city; `guests` belong just as much, but never agreed to be matched."""

    friends: tuple[Person, ...]
    guests: tuple[Person, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FarCircle:
    """Friends of one interest, scattered over many cities; all but the homebody would go a long way to meet.

    Attributes:
        friends: In the order of the ring that `talk` has them sit in; no two who sit close live in one city.
        interest: What brings them together, whatever else they talk about with others.
    """

    friends: tuple[Person, ...]
    interest: Interest

    @property
    def homebody(self) -> Person:
        """The friend who says that they go no further than their own city."""
        return self.friends[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """Everybody, by the part they play.

    Attributes:
        circles: Friends of one place.
        far_circles: Friends of many places; they are among the chatty, too.
        distant: Friends of two cities.
        helpers: Who answers what the other keeps asking; they never talked.
        shills: Who talks at people.
        hostile: Who quarrels.
        estranged: Who gets on well, but blocks the other.
        chatty: Who talks with anybody.
        lurkers: Who wrote once or twice.
        silent: Who never wrote.
        trickster: Whose name and words attack the reader's software.
    """

    circles: tuple[Circle, ...]
    far_circles: tuple[FarCircle, ...]
    distant: tuple[tuple[Person, Person], ...]
    helpers: tuple[tuple[Person, Person], ...]
    shills: tuple[Person, ...]
    hostile: tuple[tuple[Person, Person], ...]
    estranged: tuple[tuple[Person, Person], ...]
    chatty: tuple[Person, ...]
    lurkers: tuple[Person, ...]
    silent: tuple[Person, ...]
    trickster: Person

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody once, ascending by id."""
        circled = [person for circle in self.circles for person in circle.friends + circle.guests]
        paired = [person for pair in self.distant + self.helpers + self.hostile + self.estranged for person in pair]
        others = [*self.shills, *self.chatty, *self.lurkers, *self.silent, self.trickster]
        return tuple(sorted(circled + paired + others, key=lambda person: person.member))


def assemble_cast(scribe: Scribe, stock: Stock, n_members: int) -> Cast:
    """Give everybody a part; ids say nothing about it.

    Raises:
        InputError: Fewer members than the parts need.
    """
    if n_members < SMALLEST:
        raise InputError(f"a synthetic community is too small; found {n_members} members; needs {SMALLEST} or more")
    agency = _Agency(scribe, stock, n_members)
    circles = tuple(agency.circle(at) for at in range(agency.share_of(18)))
    distant = tuple(agency.pair(at, is_local=False) for at in range(agency.share_of(10)))
    helpers = tuple(agency.pair(at + 3, is_local=at % 2 == 0) for at in range(agency.share_of(8)))
    hostile = tuple(agency.pair(at + 5, is_local=True) for at in range(agency.share_of(4)))
    estranged = tuple(agency.pair(at + 1, is_local=True) for at in range(agency.share_of(2)))
    shills = tuple(agency.anybody(has_place=scribe.chance(0.6)) for _ in range(agency.share_of(8)))
    silent = tuple(agency.anybody(has_place=scribe.chance(0.5)) for _ in range(agency.share_of(5)))
    lurkers = tuple(agency.anybody(has_place=scribe.chance(0.6)) for _ in range(agency.share_of(28)))
    trickster = replace(agency.anybody(has_place=True), name=HOSTILE_NAME, first="Bobby", voice="neat", about="")
    chatty = tuple(agency.anybody(has_place=scribe.chance(0.67)) for _ in range(agency.n_left))
    n_far_circles = n_members // FULL_SIZE
    n_near = len(chatty) - n_far_circles * FAR_FRIENDS
    far_circles = tuple(
        agency.far_circle(at, chatty[n_near + at * FAR_FRIENDS :][:FAR_FRIENDS]) for at in range(n_far_circles)
    )
    return Cast(
        circles=circles,
        far_circles=far_circles,
        distant=distant,
        helpers=helpers,
        hostile=hostile,
        estranged=estranged,
        shills=shills,
        silent=silent,
        lurkers=lurkers,
        trickster=trickster,
        chatty=(*chatty[:n_near], *(friend for circle in far_circles for friend in circle.friends)),
    )


@dataclass(eq=False)
class _Agency:
    """Makes people: each with an id and a name nobody else has."""

    scribe: Scribe
    stock: Stock
    n_members: int
    _ids: Iterator[str] = field(init=False)
    _names: set[str] = field(init=False, default_factory=set)
    n_left: int = field(init=False)

    def __post_init__(self) -> None:
        order = self.scribe.rng.permutation(self.n_members) + 1
        self._ids = iter([f"m{number:03d}" for number in order])
        self.n_left = self.n_members

    def share_of(self, n_at_full_size: int) -> int:
        """As many of a kind as a community of this size has."""
        return max(1, round(n_at_full_size * self.n_members / FULL_SIZE))

    def circle(self, at: int) -> Circle:
        """Four to six friends; every third circle has one in the next town, every fifth a guest."""
        interests = self._two_interests(at)
        city = self.stock.cities[at % len(self.stock.cities)]
        n_friends = 4 + int(self.scribe.rng.integers(3))
        reaches = (NEXT_TOWN_REACH_KM,) if at % 3 == 0 else REACHES_KM
        friends = [
            self._person(interests, city, self.scribe.pick(city.home), self.scribe.pick(reaches))
            for _ in range(n_friends)
        ]
        if at % 3 == 0:
            friends[-1] = replace(friends[-1], place_text=self.scribe.pick(city.near))
        guests = []
        if at % 5 == 0:
            guest = self._person(interests, city, self.scribe.pick(city.home), self.scribe.pick(reaches))
            guests.append(replace(guest, is_opted_in=False))
        return Circle(friends=tuple(friends), guests=tuple(guests))

    def far_circle(self, at: int, people: Sequence[Person]) -> FarCircle:
        """These people, moved to the cities of the region, with one more interest; no dice: nobody else changes.

        They state no reach, but for the last, who stays at home.
        """
        interest = self.stock.interests[at % len(self.stock.interests)]
        friends = [
            replace(
                person,
                declared=tuple(dict.fromkeys((interest.name, *person.declared))),
                city=city,
                place_text=city.home[0],
                reach_km=None,
            )
            for person, city in zip(people, self.stock.region, strict=True)
        ]
        friends[-1] = replace(friends[-1], reach_km=HOMEBODY_REACH_KM)
        return FarCircle(friends=tuple(friends), interest=interest)

    def pair(self, at: int, *, is_local: bool) -> tuple[Person, Person]:
        """Two people with the same interests, of one city or of two."""
        cities = self.stock.cities
        interests = self._two_interests(at)
        here = cities[at % len(cities)]
        there = here if is_local else cities[(at + 1 + at % 3) % len(cities)]
        first, second = (
            self._person(interests, city, self.scribe.pick(city.home), self.scribe.pick(REACHES_KM))
            for city in (here, there)
        )
        return first, second

    def anybody(self, *, has_place: bool) -> Person:
        """Somebody with a few interests, and perhaps without a place."""
        city = self.scribe.pick(self.stock.cities)
        if not has_place:
            place = self.scribe.pick(("", "", *self.scribe.some(self.stock.phrases["joke_places"], 2)))
        elif self.scribe.chance(0.08):
            place = self.scribe.pick(self.stock.phrases["countries"])
        else:
            place = self.scribe.pick(city.home + city.near)
        reach = self.scribe.pick((None, None, 10.0, 25.0, 40.0, 60.0, 150.0, 400.0))
        n_interests = 1 + int(self.scribe.rng.integers(3))
        return self._person(self.scribe.some(self.stock.interests, n_interests), city, place, reach)

    def _two_interests(self, at: int) -> tuple[Interest, ...]:
        interests = self.stock.interests
        return interests[at % len(interests)], interests[(at + 5) % len(interests)]

    def _person(self, interests: tuple[Interest, ...], city: City, place_text: str, reach_km: float | None) -> Person:
        self.n_left -= 1
        given, name = self._name(city)
        also = self.scribe.some([one for one in self.stock.interests if one not in interests], 1)
        liked = interests + also if self.scribe.chance(0.35) else interests
        return Person(
            member=next(self._ids),
            name=name,
            first=given,
            voice=self.scribe.pick(VOICES),
            interests=interests,
            declared=self._declared(liked),
            about=self._about(interests),
            city=city,
            place_text=place_text,
            reach_km=reach_km,
        )

    def _declared(self, liked: tuple[Interest, ...]) -> tuple[str, ...]:
        if self.scribe.chance(0.1):
            return ()
        return tuple(self.scribe.pick((one.name, *one.labels)) for one in liked)

    def _about(self, interests: tuple[Interest, ...]) -> str:
        if self.scribe.chance(0.2):
            return ""
        lines = [self.scribe.pick(interests[0].about)]
        if self.scribe.chance(0.5):
            lines.append(self.scribe.pick(self.stock.phrases["about"]))
        return ". ".join(self.scribe.phrase(line, {}, "neat") for line in lines)

    def _name(self, city: City) -> tuple[str, str]:
        """What others call somebody, and the name as shown: in full, short, or as a handle."""
        while True:
            tongue = self.scribe.pick(city.tongues if self.scribe.chance(0.7) else sorted(self.stock.names))
            givens, families = self.stock.names[tongue]
            given, family = self.scribe.pick(givens), self.scribe.pick(families)
            handle = re.sub(r"\W", "", given).lower()
            shown = self.scribe.pick(
                (
                    f"{given} {family}",
                    f"{given} {family}",
                    f"{given} {family}",
                    f"{given} {family[0].upper()}.",
                    f"{handle}_{int(self.scribe.rng.integers(3, 99))}",
                    f"{handle}{family[0].lower()}",
                )
            )
            if shown not in self._names:
                self._names.add(shown)
                return given, shown
