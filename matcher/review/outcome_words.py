"""Outcomes in words: the names of parts, and the whole in a few sentences."""

from collections.abc import Iterator, Mapping
from datetime import date

from matcher.metrics.outcomes import Came
from matcher.metrics.shares import FEWEST, Share

KINDS: Mapping[str, str] = {
    "introduce": "introduced",
    "reunite": "reunited",
    "group": "groups",
    "gathering": "gatherings",
}
"""Parts by kind, as they are called beside a plot."""

TOPICS: Mapping[str, str] = {
    "topic": "with a shared topic",
    "no_topic": "without one",
    "by_hand": "made by organizers",
}
"""Parts by whether a shared topic was told."""


def told_week(monday: date) -> str:
    """An ISO week, as in '2026-W09'."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def told_share(share: Share) -> str:
    """A share with its interval, as in '64 % (58 to 70 %) of 210'; or why there is none."""
    found = share.interval
    if share.is_hidden:
        return f"fewer than {FEWEST}, not shown" if share.n < FEWEST else "not shown"
    if found is None:
        return "nobody yet"
    return f"{100 * found.value:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f} %) of {share.n}"


def told_total(came: Came) -> list[str]:
    """Everything in a few sentences, in the order of a suggestion's life; none where nothing was decided."""
    return list(_told(came)) if came.n_suggested else []


def _told(came: Came) -> Iterator[str]:
    yield (
        f"Of {_counted(came.n_suggested, 'suggestion')} in the nights that were reviewed, {came.n_approved} "
        f"{'is' if came.n_approved == 1 else 'are'} approved and {came.n_published} published: "
        f"{_counted(came.n_invited, 'invitation')}."
    )
    for share, said in ((came.yes, "Would come"), (came.met, "Met"), (came.good, "Was good"), (came.again, "Again")):
        is_told = share.interval is not None and not share.is_hidden
        yield f"{said}: {told_share(share)}{f' {_BASES[said]}' if is_told else ''}."


_BASES: Mapping[str, str] = {
    "Would come": "members who answered an invitation",
    "Met": "suggestions of which a member told",
    "Was good": "members who told how it was",
    "Again": "answers whether one would meet another again",
}


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
