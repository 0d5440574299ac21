"""What is not known of the members of a suggestion, so that nobody takes silence for knowledge."""

from collections.abc import Mapping, Sequence

from matcher.reasons.words import listed
from matcher.tables.dossier import UNKNOWNS, Dossier
from matcher.units import MemberId

MOST_NAMES = 6


def unknown_of(member: str, dossier: Dossier) -> str:
    """What is not known of one member, in words, or empty: 'how far they would travel and what they speak'."""
    codes = dossier.unknowns.get(MemberId(member), ())
    return listed([UNKNOWNS[one] for one in codes], most=len(codes))


def unknown_among(members: Sequence[str], dossier: Dossier) -> Mapping[str, str]:
    """By what is not known of whom it is not, in words."""
    said = {}
    for code, words in UNKNOWNS.items():
        of = [one for one in members if code in dossier.unknowns.get(MemberId(one), ())]
        if of:
            said[words] = _who(of, members, dossier)
    return said


def _who(of: Sequence[str], members: Sequence[str], dossier: Dossier) -> str:
    if len(of) == len(members):
        return "both of them" if len(of) == 2 else "all of them"
    names = [dossier.people[MemberId(one)].name for one in of]
    more = len(names) - MOST_NAMES
    return f"{', '.join(names[:MOST_NAMES])} and {more} more" if more > 0 else listed(names, most=MOST_NAMES)
