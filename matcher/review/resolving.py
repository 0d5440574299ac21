"""Forming groups anew around those that are held: first what would change, then taking it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from matcher.errors import ConflictError, InputError
from matcher.publish.wording import percent
from matcher.review.anew import Anew
from matcher.review.choosing import MOST_CHOICES, Choice, member_choice
from matcher.review.conflicts import show_conflict
from matcher.review.figures import number, verdict, worth_of
from matcher.review.previews import also_introduced, refusals_of, weigh_lists
from matcher.review.seeking import SEARCH
from matcher.review.standing import Standing, is_held, standing
from matcher.review.telling import told
from matcher.review.visits import Page, Visit
from matcher.tables.decisions import Decision
from matcher.tables.drafts import Suggestion


@dataclass(frozen=True, kw_only=True, slots=True)
class Became:
    """What would become of one group."""

    id: str
    kind: str
    names: str
    came: str
    went: str


def explain(visit: Visit) -> Response:
    """What would be held, what would not come back, and who is to rest."""
    return _explained(visit, standing(visit.desk, visit.path["run_id"]))


def propose(visit: Visit) -> Response:
    """Form groups anew and show what would change; with the button `find` only the list of who may rest is narrowed.

    Raises:
        InputError: Somebody who is to rest sits in a held group.
        RunError: Somebody else's groups are being sought just now.
    """
    now = standing(visit.desk, visit.path["run_id"])
    if visit.said("find"):
        return _explained(visit, now)
    return _shown(visit, now, SEARCH.seek(visit.desk, now, _who_rests(visit, now)))


def take(visit: Visit) -> Response:
    """Take exactly what was shown.

    Raises:
        InputError: A rule speaks against it by now.
        RunError: It is not remembered any more, and others are being sought just now.
    """
    run_id, fingerprint = visit.path["run_id"], visit.said("fingerprint")
    if len(fingerprint) != FINGERPRINT_LENGTH:
        raise InputError("it is not said which groups to take; have them formed anew, then take them")
    now = standing(visit.desk, run_id)
    anew = SEARCH.remembered(run_id, fingerprint) or SEARCH.seek(visit.desk, now, _who_rests(visit, now))
    try:
        _refuse_other(anew, fingerprint)
        decision = Decision(
            run_id=run_id, kind="resolve", by=visit.name, at=visit.desk.clock(),
            touched=anew.seen, lists=anew.lists, words=visit.said("words"),
        )  # fmt: skip
        if all(now.draft.version_of(one) == version for one, version in anew.seen.items()):
            _refuse_broken(now, anew)
        visit.desk.decisions.append(decision, now.night.suggestions, kept=now.night.kept)
    except ConflictError as conflict:
        return show_conflict(visit, conflict, [*anew.seen][:MOST_SHOWN], look=f"/runs/{run_id}/resolve")
    return visit.go(f"/runs/{run_id}", told=told("resolve", [*anew.lists]))


FINGERPRINT_LENGTH = 64

MOST_SHOWN = 10
"""So many suggestions does a page of a conflict name."""


def _refuse_other(anew: Anew, fingerprint: str) -> None:
    if anew.fingerprint != fingerprint or not anew.lists:
        raise ConflictError("something was decided or answered since, and other groups are the best now; look at them")


def _refuse_broken(now: Standing, anew: Anew) -> None:
    refusals = refusals_of(now, anew.lists, weigh_lists(now, anew.lists))
    if refusals:
        raise InputError(f"{' '.join(refusals)} Nothing was recorded; have groups formed anew once more")


def _who_rests(visit: Visit, now: Standing) -> Collection[str]:
    """Whom the form wants to rest.

    Raises:
        InputError: One of them does not take part.
    """
    left_out = {*visit.form.get("rest", ())}
    unknown = sorted(one for one in left_out if one not in now.night.dossier.people)
    if unknown:
        raise InputError(f"nobody of that name takes part tonight; found {unknown[0][:40]!r}; choose from the list")
    return left_out


def _explained(visit: Visit, now: Standing) -> Response:
    chosen, search = visit.form.get("rest", ()), visit.said("q").casefold().strip()
    choices = _who_may_rest(now, chosen, search)
    return visit.show(
        "resolve.html.jinja",
        run_id=visit.path["run_id"],
        held=[_held(now, one) for one in now.groups.values() if is_held(one)],
        rejected=[_held(now, one) for one in now.rejected],
        n_free=sum(not is_held(one) for one in now.groups.values()),
        choices=choices[:MOST_CHOICES],
        n_more=max(0, len(choices) - MOST_CHOICES),
        chosen={*chosen},
        search=search,
        resting=now.names([one for one in now.night.question.members if now.rests(one)]),
    )


def _held(now: Standing, one: Suggestion) -> tuple[str, str, str]:
    """Id, state, names."""
    return one.id, "locked" if one.is_locked and one.state == "open" else one.state, now.names(one.members)


def _who_may_rest(now: Standing, chosen: Collection[str], search: str) -> Sequence[Choice]:
    """Members of the pool who are not held, the chosen ones first, then by name."""
    bound = {member for one in now.groups.values() if is_held(one) for member in one.members}
    able = [one for one in now.night.question.members if one not in bound and not now.rests(one)]
    fitting = [one for one in able if one in chosen or search in now.name(one).casefold()]
    fitting.sort(key=lambda one: (one not in chosen, now.name(one).casefold(), one))
    return [member_choice(now, one) for one in fitting]


def _shown(visit: Visit, now: Standing, anew: Anew) -> Response:
    objective = anew.objective
    groups = [
        Became(
            id=anew.ids[one.before] if one.before else "",
            kind=one.kind,
            names=now.names(one.after or one.before or ()),
            came=now.names(one.came),
            went=now.names(one.went),
        )
        for one in anew.difference.groups
    ]
    return visit.show(
        "resolved.html.jinja",
        run_id=visit.path["run_id"],
        anew=anew,
        groups=groups,
        n_stayed=sum(one.kind == "stayed" for one in groups),
        verdict=verdict(anew.value_before, objective.value, worth_of(now.night)),
        before=number(anew.value_before),
        after=number(objective.value),
        gap="" if objective.gap is None else percent(objective.gap),
        seated=now.names(anew.difference.seated),
        unseated=now.names(anew.difference.unseated),
        left_out=now.names(anew.left_out),
        notes=list(also_introduced(now, anew.difference.seated)),
    )


PAGES: tuple[Page, ...] = (
    Page(path="/runs/{run_id}/resolve", answer=explain),
    Page(path="/runs/{run_id}/resolve", answer=propose, needs="organizer", is_form=True),
    Page(path="/runs/{run_id}/resolve/take", answer=take, needs="organizer", is_form=True),
)
