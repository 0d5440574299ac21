"""Members answer here, by their link and without an account.

Looking changes nothing, since mail scanners follow links. A form says how many answers its link had given when it was
shown: sent twice, or after another, it changes nothing, and one sees what stands.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from starlette.responses import Response

from matcher.errors import InputError, LinkError
from matcher.review.invited import Answering, answering
from matcher.review.visits import Page, Visit
from matcher.tables.answered import Answer, hear

MOST_ANSWERS = 100
"""By one link: whoever changes their mind more often may still leave, which is for good."""

MONTH = timedelta(days=30)
PAUSES = (1, 3, 6)
"""Months that one may pause for."""


def look(visit: Visit) -> Response:
    """Show what the link is about and what may be answered, or ask whether somebody really leaves."""
    try:
        now = answering(visit.desk, visit.path["token"])
    except LinkError as refused:
        return _refuse(visit, refused)
    is_leaving = visit.query.get("ask") == "leave" and not now.has_left
    return _show(visit, now, template="answer_leave.html.jinja" if is_leaving else "answer.html.jinja")


def take(visit: Visit) -> Response:
    """Record what the form says, if it is new, and show what stands."""
    try:
        now = answering(visit.desk, visit.path["token"])
    except LinkError as refused:
        return _refuse(visit, refused)
    if visit.said("List-Unsubscribe") == "One-Click":
        return _unsubscribe(visit, now)
    try:
        wanted = [one for one in _wanted(visit, now) if not _stands(now, one)]
    except InputError as wrong:
        return _show(visit, now, status=400, problem=str(wrong))
    if wanted and (visit.said("given") != str(now.n_given) or not _record(visit, now, wanted)):
        fresh = answering(visit.desk, visit.path["token"])
        return _show(visit, fresh, status=409, problem="something else was answered by this link first")
    return visit.go(f"/answer/{visit.path['token']}")


def _unsubscribe(visit: Visit, now: Answering) -> Response:
    """A mail program's own button (RFC 8058): no more mail, which is to leave; it takes no redirect for an answer."""
    while not now.has_left:  # another answer by the same link may come between
        _record(visit, now, [_said(now, "leave")])
        now = answering(visit.desk, visit.path["token"])
    return _show(visit, now)


def _wanted(visit: Visit, now: Answering) -> Iterator[Answer]:
    """What the form asks to record.

    Raises:
        InputError: It is nothing that may be answered now.
    """
    kind = visit.said("answer")
    if now.n_given >= MOST_ANSWERS and kind != "leave":
        raise InputError("this link was used very often; ask the organizers to write your answer down")
    if now.has_left and kind != "leave":
        raise InputError("you left, so there is nothing to answer; ask the organizers if you want to come back")
    match kind:
        case "pause":
            # To the end of a day: whoever presses twice asks for the same pause.
            ends = (now.now + _months(visit) * MONTH + timedelta(days=1)).replace(
                hour=0, minute=0, second=0, microsecond=0
            )
            yield replace(_said(now, "leave"), kind="pause", until=ends)
        case "resume" | "leave":
            yield _said(now, kind)
        case "yes" | "not_now" if now.invited:
            yield _said(now, kind)
        case "not_with" | "with_again" if now.invited:
            yield _said(now, kind, other=_other(now, visit.said("other")))
        case "told" if now.may_tell:
            yield from _told(visit, now)
        case _:
            raise InputError("this cannot be answered now; choose one of the answers below")


def _told(visit: Visit, now: Answering) -> Iterator[Answer]:
    """How it was: who says so much as that it was good says that they met."""
    good, again = _choice(visit, "good"), {one: _choice(visit, f"again-{at}") for at, one in enumerate(now.others)}
    says_how = good is not None or any(one is not None for one in again.values())
    met = _choice(visit, "met")
    met = True if met is None and says_how else met
    if met is not None:
        yield _said(now, "met" if met else "not_met")
    if not met:
        return
    if good is not None:
        yield _said(now, "good" if good else "bad")
    for other, would in again.items():
        if would is not None:
            yield _said(now, "again" if would else "not_again", other=other)


def _said(now: Answering, kind: str, *, other: str | None = None) -> Answer:
    said = now.link
    return Answer(
        link=now.name,
        run_id=said.run_id,
        suggestion=said.suggestion,
        member=said.member,
        kind=kind,
        other=other,
        at=now.now,
    )


def _choice(visit: Visit, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(visit.said(name))


def _months(visit: Visit) -> int:
    said = visit.said("months")
    if said not in map(str, PAUSES):
        raise InputError("the pause has no length; choose 1, 3 or 6 months")
    return int(said)


def _other(now: Answering, said: str) -> str:
    """A person whom the form names by their place among the others: no id need stand on the page."""
    if said not in map(str, range(len(now.others))):
        raise InputError("it is not said with whom; choose one of the others")
    return now.others[int(said)]


def _stands(now: Answering, one: Answer) -> bool:
    """Whether this is what was answered already: to hear it once more would change nothing."""
    return hear((*now.said, one)) == now.heard


def _record(visit: Visit, now: Answering, wanted: list[Answer]) -> bool:
    """Keep answers as the next ones of their link; False: somebody was first, and nothing of it was kept."""
    numbered = [replace(one, link=f"{now.name}:{now.n_given + place}") for place, one in enumerate(wanted)]
    return visit.desk.answers.record_all(numbered)


def _show(
    visit: Visit, now: Answering, *, template: str = "answer.html.jinja", status: int = 200, problem: str = ""
) -> Response:
    return visit.show(template, status=status, now=now, pauses=PAUSES, day=_day, problem=problem)


def _refuse(visit: Visit, refused: LinkError) -> Response:
    """One page for all that we never signed, so that nobody learns how near they were."""
    status = 410 if refused.is_expired else 404
    return visit.show("answer_refused.html.jinja", status=status, is_expired=refused.is_expired)


def _day(instant: datetime) -> str:
    return f"{instant.day} {instant:%B %Y}"


def _page(answer: Callable[[Visit], Response], *, is_form: bool) -> Page:
    return Page(path="/answer/{token}", answer=answer, needs=None, is_form=is_form, is_signed_by_address=True)


PAGES: tuple[Page, ...] = (_page(look, is_form=False), _page(take, is_form=True))
"""What members reach."""
