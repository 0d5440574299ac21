"""The page on which what is approved is sent to members: what would go out, to whom, by which way; and the sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from matcher.errors import InputError
from matcher.publish.invitations import Edition
from matcher.publish.letters import write_letter
from matcher.publish.meeting_times import Times, read_wall_time, time_in_words
from matcher.publish.parcels import CHANNELS
from matcher.publish.prospects import Prospect, look
from matcher.publish.publisher import Publisher
from matcher.publish.publishing import Published, PublishOrder, publish
from matcher.publish.wording import counted
from matcher.review.editions import edition_of
from matcher.review.visits import Page, Visit

SHOWN_LINK = "(each member finds a link of their own here)"
"""In a preview: with a working one an organizer could answer for a member."""

MOST_SHOWN = 200
"""Rows of one table; what is beyond goes out all the same, and is counted."""

STATES = {"waiting": "waiting", "sending": "begun", "sent": "sent", "failed": "failed"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One suggestion on the page.

    Attributes:
        id: Its id.
        version: As it stands.
        kind: 'group', 'introduction' or 'gathering'.
        names: Of its members.
        where: In words.
        when: In words, or empty.
        untimed: Why it has no calendar file, or empty.
        held: Why it does not go out, or empty.
        unaddressed: Names of those without an address.
        ends: What became of its parcels, in words.
    """

    id: str
    version: int
    kind: str
    names: tuple[str, ...]
    where: str
    when: str
    untimed: str
    held: str
    unaddressed: tuple[str, ...]
    ends: tuple[str, ...]


def publisher_at(visit: Visit) -> Publisher:
    """What this desk publishes with.

    Raises:
        InputError: It cannot publish.
    """
    if visit.desk.publisher is None:
        raise InputError("this desk cannot publish; found no settings for it; start it with: matcher review")
    return visit.desk.publisher


def show(visit: Visit) -> Response:
    """Show what would go out."""
    return _page(visit, publisher_at(visit), _edition(visit), Times())


def send(visit: Visit) -> Response:
    """Publish, and begin to send; what cannot be is said on the page, and nothing of it happened."""
    publisher, edition = publisher_at(visit), _edition(visit)
    try:
        order = PublishOrder(channels=_channels(visit), by=visit.name, times=_times(visit), seen=_seen(visit))
        done = publish(publisher, edition, order)
    except InputError as wrong:
        return _page(visit, publisher, edition, Times(), wrong=(str(wrong),), status=400)
    publisher.courier.go()
    if done.conflicts:
        return _page(visit, publisher, edition, Times(), wrong=(_told(done), *done.conflicts), status=409)
    return visit.go("/outbox", told=_told(done))


def _page(
    visit: Visit, publisher: Publisher, edition: Edition, times: Times, *, wrong: Sequence[str] = (), status: int = 200
) -> Response:
    prospects = look(publisher, edition, times)
    goes = [one for one in prospects if not one.suggestion.is_published and not one.held]
    held, out = [one for one in prospects if one.held], [one for one in prospects if one.suggestion.is_published]
    return visit.show(
        "publish.html.jinja",
        status=status,
        run_id=edition.run_id,
        notice=edition.dossier.notice,
        goes=[_row(one) for one in goes[:MOST_SHOWN]],
        held=[_row(one) for one in held[:MOST_SHOWN]],
        out=[_row(one) for one in out[:MOST_SHOWN]],
        totals={"goes": len(goes), "held": len(held), "out": len(out)},
        seen=" ".join(f"{one.suggestion.id}={one.suggestion.version}" for one in goes),
        channels=[(name, words, publisher.lacking.get(name, "")) for name, words in CHANNELS.items()],
        preview=_preview(visit, publisher, prospects),
        wrong=wrong,
    )


def _row(prospect: Prospect) -> Row:
    one = prospect.invitation
    ends = [f"{channel}: {number} {STATES[state]}" for (channel, state), number in sorted(prospect.ends.items())]
    return Row(
        id=one.suggestion,
        version=prospect.suggestion.version,
        kind=one.kind,
        names=tuple(sorted(one.names.values(), key=str.casefold)),
        where=one.place,
        when=time_in_words(one.when) if one.when else "",
        untimed=prospect.untimed,
        held=prospect.held,
        unaddressed=tuple(one.names[member] for member in prospect.unaddressed),
        ends=tuple(ends),
    )


def _preview(visit: Visit, publisher: Publisher, prospects: Sequence[Prospect]) -> dict[str, str] | None:
    """One invitation as its first member would read it: the one asked for, or the first that goes out."""
    wanted = visit.query.get("preview", "")
    by_id = {one.suggestion.id: one for one in prospects}
    first = next((one for one in prospects if not one.held), None)
    chosen = by_id.get(wanted, first)
    if chosen is None:
        return None
    options, now = publisher.writer.options, publisher.clock()
    letter = write_letter(
        chosen.invitation,
        chosen.invitation.members[0],
        link=SHOWN_LINK if options.answer_address else "",
        until=now + timedelta(days=options.link_days),
        sender_name=options.sender_name,
        now=now,
    )
    return {"id": chosen.suggestion.id, "subject": letter.subject, "text": letter.plain}


def _edition(visit: Visit) -> Edition:
    return edition_of(visit.desk.nights.night(visit.path["run_id"]))


def _channels(visit: Visit) -> tuple[str, ...]:
    wanted = visit.form.get("to", ())
    if not wanted:
        raise InputError("no way out was chosen; found none; choose at least one")
    return tuple(dict.fromkeys(wanted))


def _times(visit: Visit) -> Times:
    """Read the time for all and those of single suggestions; an empty field says nothing."""
    said, single = visit.said("when").strip(), {}
    for name in visit.form:
        if name.startswith("when-") and visit.said(name).strip():
            single[name.removeprefix("when-")] = read_wall_time(visit.said(name))
    return Times(for_all=read_wall_time(said) if said else None, by_suggestion=single, zone=visit.said("zone").strip())


def _seen(visit: Visit) -> dict[str, int]:
    """What was on the page, with its versions: nothing is published that nobody looked at."""
    seen = {}
    for one in visit.said("seen").split():
        suggestion, _, version = one.partition("=")
        if not (version.isascii() and version.isdecimal() and len(version) < 10):
            raise InputError("the form cannot be read; found a suggestion without a version; load the page again")
        seen[suggestion] = int(version)
    return seen


def _told(done: Published) -> str:
    parcels = counted(done.n_enqueued, "thing")
    return f"Published: {counted(len(done.announced), 'suggestion')}; {parcels} to send, which has begun"


PAGES = (
    Page(path="/runs/{run_id}/publish", answer=show),
    Page(path="/runs/{run_id}/publish", answer=send, needs="organizer", is_form=True, form_bytes=512 * 1024),
)
