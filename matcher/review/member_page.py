"""The page of one member: where they sit, or why nowhere; what is not known; what could be changed for them."""

from dataclasses import dataclass

from starlette.responses import Response

from matcher.errors import MissingError
from matcher.publish.safe_text import clip_text
from matcher.review.left_out import left_out_now
from matcher.review.offering import offers_for
from matcher.review.overview import KINDS, rows_of
from matcher.review.standing import Standing, standing
from matcher.review.unknown import unknown_of
from matcher.review.visits import Page, Visit
from matcher.tables.drafts import Suggestion
from matcher.units import MemberId

MOST_TOPICS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """A suggestion that a member is part of."""

    now: Suggestion
    kind: str
    title: str
    others: str


def show_member(visit: Visit) -> Response:
    """One member of a run.

    Raises:
        MissingError: There is no such run, or nobody of that id in it.
    """
    run_id, member = visit.path["run_id"], visit.query.get("member", "")
    now = standing(visit.desk, run_id)
    person = now.night.dossier.people.get(MemberId(member))
    if person is None:
        raise MissingError(f"there is nobody of that id in this night; found {member[:40]!r}; search for their name")
    topics = now.night.remembered.shared_topics([member], at_least=1)
    return visit.show(
        "member.html.jinja",
        run_id=run_id,
        person=person,
        seats=_seats(now, member),
        left_out=next((one for one in left_out_now(now) if one.member == member), None),
        unknown=unknown_of(member, now.night.dossier),
        topics=[clip_text(topic, limit=60) for topic, _ in topics[:MOST_TOPICS]],
        rests=now.rests(member),
        is_seatable=member in now.night.question.row_of,
        offers=offers_for(now, member),
        may_decide=visit.may("organizer"),
    )


def _seats(now: Standing, member: str) -> list[Seat]:
    return [
        Seat(
            now=row.now,
            kind=KINDS[row.facts.kind].removesuffix("s"),
            title=row.facts.title,
            others=now.names([one for one in row.now.members if one != member], most=12),
        )
        for row in rows_of(now)
        if member in row.now.members
    ]


PAGES: tuple[Page, ...] = (Page(path="/runs/{run_id}/members", answer=show_member),)
