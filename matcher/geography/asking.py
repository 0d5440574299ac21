"""Which homes a geocoder is asked about, and what becomes of its answers."""

import re
import unicodedata
from typing import Final

import polars as pl

from matcher.geography.geocoder import Geocoder
from matcher.geography.jokes import is_joke
from matcher.geography.readings import rows_of
from matcher.geography.spelling import fold
from matcher.geography.written_clock import written_clock
from matcher.tables.community import Community
from matcher.tables.geography import HomeReadings

LONGEST_ASKED: Final = 60
MOST_WORDS: Final = 6
"""Longer than this it is a sentence, not a place."""
_PRIVATE: Final = re.compile(r"[\d@#_\\<>{}=*|:?!~$&+\"]|www\.|\w\.\w{2,}|^\W*/", re.IGNORECASE)
"""Numbers of houses and telephones, mail, handles, links, "discord: ana": nobody else's business."""
_BREAKS: Final = re.compile(r"[,;/()\-\u2013]+")
_SERVICES: Final = (
    "bluesky bsky discord email facebook fb github gitlab icq insta instagram irc kik linkedin mail mastodon matrix "
    "onlyfans patreon phone reddit signal skype snapchat steam telegram tiktok tumblr twitch twitter whatsapp xmpp "
    "youtube"
)
_STREETS: Final = (
    "avenue ave blvd boulevard street road lane drive court apartment apt suite floor strasse gasse calle rue via "
    "piazza ulica utca"
)
"""Not "weg", "way" or "st": half a village's name may end so, and a saint's begins so."""
_INSTITUTIONS: Final = (
    "asylum barracks campus church clinic college company dormitory dorm gmbh hospice hospital hostel hotel inc jail "
    "kita klinik krankenhaus llc ltd mosque office prison psychiatry rehab school schule shelter synagogue temple uni "
    "university universitat ward workplace hiv aids"
)
_IDENTITIES: Final = (
    "he him his she her hers they them theirs xe xem ze zir pronouns agender bi bisexual enby femme gay genderfluid "
    "genderqueer gender intersex lesbian lgbt lgbtq lgbtqia nonbinary pansexual queer straight trans transgender "
    "transsexual asexual autistic adhd disabled muslim christian jewish atheist catholic hindu buddhist republican "
    "democrat communist socialist single married divorced"
)
_TELLING: Final = frozenset(f"{_SERVICES} {_STREETS} {_INSTITUTIONS} {_IDENTITIES}".split())
_STREET_ENDS: Final = ("strasse", "straat", "gasse", "gatan", "klinik", "krankenhaus", "clinic", "hospital")
"""As German and its kin write them: "Hauptstrasse"."""


def may_be_asked(text: str) -> bool:
    """Whether a text may be the name of a place, and does not plainly say more.

    Left out are numbers, links, handles, streets, institutions, and what people say of themselves. That is a list of
    words, and no proof: a person's bare name, "Jane Smith", cannot be told from a village's, and is asked.

    Example:
        >>> [may_be_asked(text) for text in ("Kleinkleckersdorf", "12 High Street", "@ana", "Hogwarts", "UTC+2")]
        [True, False, False, False, False]
    """
    plain = unicodedata.normalize("NFKC", text)
    is_name = 3 <= len(plain.strip()) <= LONGEST_ASKED and len(plain.split()) <= MOST_WORDS and plain.isprintable()
    if not is_name or _PRIVATE.search(plain) or not any(letter.isalpha() for letter in plain):
        return False
    words = fold(plain).split()
    if not _TELLING.isdisjoint(words) or any(word.endswith(_STREET_ENDS) for word in words):
        return False
    is_fun = any(is_joke(part) for part in (plain, *_BREAKS.split(plain)) if part.strip())
    return not is_fun and written_clock(plain, frozenset()) is None


def texts_to_ask(readings: HomeReadings, community: Community) -> list[str]:
    """Homes that have no reading and may be sent elsewhere, each once: those of most members first, ties by text."""
    homes = community.members.frame.filter(pl.col("lat").is_null() | pl.col("lon").is_null())
    unread = homes.with_columns(pl.col("member").cast(community.index.enum)).join(
        readings.frame, on="member", how="anti"
    )
    counted = unread.group_by(text=pl.col("place_text").str.strip_chars()).agg(n_members=pl.len())
    texts = counted.sort("n_members", "text", descending=[True, False]).get_column("text")
    return [text for text in texts if may_be_asked(text)]


def ask_geocoder(readings: HomeReadings, community: Community, geocoder: Geocoder) -> HomeReadings:
    """HomeReadings with those of homes that only the geocoder could read; no other reading changes."""
    found = geocoder.find(texts_to_ask(readings, community))
    if not any(found.values()):
        return readings
    homes = community.members.frame.select(
        pl.col("member").cast(community.index.enum), text=pl.col("place_text").str.strip_chars()
    )
    asked = homes.join(readings.frame, on="member", how="anti").join(rows_of(found), on="text")
    return HomeReadings.sorted(pl.concat([readings.frame, asked.select(list(HomeReadings.columns))]))
