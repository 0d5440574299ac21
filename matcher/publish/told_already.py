"""Who was told of something by another night: nobody is told of the same twice, or asked to two things in a round."""

from collections.abc import Mapping

from matcher.publish.wording import day
from matcher.rules.aftermath import same_as
from matcher.rules.elsewhere import Elsewhere
from matcher.tables.decisions import Members
from matcher.tables.dossier import Dossier
from matcher.tables.drafts import Suggestion


def told_already(one: Suggestion, elsewhere: Elsewhere, dossier: Dossier, proposed: Mapping[str, Members]) -> str:
    """Why its members are not to be told of a suggestion, since they were told by another night; empty: they may be.

    What organizers kept from an earlier night may go out, whatever else its members were asked to since: so it is in
    every night.

    Args:
        one: As it stands.
        elsewhere: What went out by other nights.
        dossier: Of its run.
        proposed: Members by id, as the night proposed them.
    """
    same = elsewhere.told.get(same_as(one))
    if same:
        return f"its members were told of it already, by the night of {day(same.as_of)}"
    is_kept = one.id in dossier.kept and proposed.get(one.id) == one.members
    nights = [elsewhere.invited[member] for member in one.members if member in elsewhere.invited]
    if is_kept or not nights:
        return ""
    return (
        f"somebody in it was asked to something else by the night of {day(nights[0].as_of)}, less than a round away; "
        "the next night leaves them out"
    )
