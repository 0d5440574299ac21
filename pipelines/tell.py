"""What the command line says: plain lines from what a job came to."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matcher.reasons.words import counted
from matcher.tables.proposals import Objective
from pipelines.import_contacts import ContactSummary
from pipelines.importing import ImportSummary, VenueSummary
from pipelines.nightly import NightDone
from pipelines.past_runs import PastRun
from pipelines.why import PairScore


def imported(done: ImportSummary) -> list[str]:
    """Say what an import read, and what it could not."""
    if done.is_new:
        said = ((done.n_members, "member"), (done.n_messages, "message"), (done.n_blocks, "block"))
        counts = ", ".join(counted(number, thing) for number, thing in said)
        lines = [f"Imported from {done.source}: {counts}."]
    else:
        lines = [f"Nothing changed: the workspace holds this very community ({done.n_members} members) already."]
    if done.n_forgotten:
        lines.append(f"  left out: {counted(done.n_forgotten, 'member')} whom this workspace was asked to forget")
    lines += _quarantined(done)
    return [*lines, done.notice] if done.notice else lines


def imported_venues(done: VenueSummary) -> list[str]:
    """Say which venues there are now, and what could not be read."""
    venues = f"{counted(done.n_venues, 'venue')}, {done.n_public} of them public"
    said = f"Imported {venues}." if done.is_new else f"Nothing changed: the workspace holds these {venues}, already."
    return [said, *_quarantined(done)]


def imported_contacts(done: ContactSummary) -> list[str]:
    """Say how many addresses there are now, of whom, and what could not be read; no address."""
    addresses = f"{done.n_contacts} address{'' if done.n_contacts == 1 else 'es'}"
    said = (
        f"Imported {addresses}." if done.is_new else f"Nothing changed: the workspace holds these {addresses} already."
    )
    unknown = f"  kept: {done.n_unknown} of them of nobody in the community" if done.n_unknown else ""
    return [said, *([unknown] if unknown else []), *_quarantined(done)]


def night(done: NightDone) -> list[str]:
    """Say what a night proposes, how good it is, and what it cost."""
    figures = {figure.name: figure.value for figure in done.figures}
    checked = sum(check.n_checked for check in done.audit.checks)
    proposed = f"{counted(int(figures['n_groups']), 'group')} with {counted(int(figures['n_seated']), 'member')}"
    paired = counted(int(figures["n_introductions"]), "introduction")
    travelling = f"{counted(int(figures['n_gatherings']), 'gathering')} of {counted(int(figures['n_asked']), 'member')}"
    left = f"{counted(int(figures['n_unplaced']), 'member')} left out with a reason"
    lines = [
        f"Run {done.facts.run_id}: {proposed}, {paired}, {travelling}, {left}.",
        f"Audit: {checked} checks, 0 violations.",
    ]
    objective, journeys = done.plan.objective, done.plan.gathering_objective
    if figures["n_groups"]:
        lines += _how_good("Groups", objective)
    if journeys is not None and figures["n_gatherings"]:
        lines += _how_good("Gatherings", journeys)
    if objective.was_cut_short:
        lines.append("The time limit ended the search for groups; more time may find better ones.")
    lines.append(
        f"Took {figures['total_seconds']:.1f} s: importing the model {figures['importing_seconds']:.1f}, "
        f"embedding {figures['n_embedded']:.0f} of {figures['n_texts']:.0f} texts {figures['embedding_seconds']:.1f}, "
        f"the rest {figures['rest_seconds']:.1f}; peak memory {figures['peak_mb']:.0f} MB."
    )
    lines.append(f"Left in {done.folder}" if done.folder else "A dry run: nothing was left behind.")
    return lines


def _how_good(what: str, objective: Objective) -> list[str]:
    if objective.gap is None:
        return []
    within = "" if objective.is_best else f"within {math.ceil(1e4 * objective.gap) / 100:.2f} % of "
    return [f"{what}: {within}the best possible (over {objective.bound_scope})."]


def night_facts(done: NightDone) -> dict[str, Any]:
    """The same for programs."""
    return {
        "run_id": done.facts.run_id,
        "folder": str(done.folder) if done.folder else None,
        "audit_violations": len(done.audit.violations),
        "figures": {figure.name: figure.value for figure in done.figures},
    }


def what_next(done: NightDone, workspace: Path) -> list[str]:
    """Say what to look at after the demo."""
    lines = ["", "What to look at next:", f"  the report         {done.folder}/report.html  (open it in a browser)"]
    pairs = done.plan.introductions.frame
    if pairs.height:
        pair = f"{pairs.item(0, 'member_a')} {pairs.item(0, 'member_b')}"
        lines.append(f"  one score, opened  matcher why {pair} --workspace {workspace}")
    return [
        *lines,
        f"  the desk           matcher accounts add ada --role admin --workspace {workspace}",
        f"                     matcher review --workspace {workspace}  (look, change, approve, in a browser)",
        f"  a second night     matcher run --workspace {workspace}  (embeds nothing again)",
        f"  what was planted   {workspace}/export/truths.json",
    ]


def waterfall(score: PairScore) -> list[str]:
    """Draw the sum of a pair's parts, both ways."""
    lines = [
        f"{score.a} and {score.b}, to {score.use}: mutual {score.mutual:.4f}   (found by: {score.found_by})",
        f"  {'part':<14}{score.a + ' → ' + score.b:>20}{score.b + ' → ' + score.a:>20}",
    ]
    lines += [f"  {part:<14}{there:>+20.3f}{back:>+20.3f}  {_bar(there)}" for part, there, back in score.parts]
    total_there, total_back = sum(part[1] for part in score.parts), sum(part[2] for part in score.parts)
    lines.append(f"  {'sum, log-odds':<14}{total_there:>+20.3f}{total_back:>+20.3f}")
    lines.append(f"  {'share':<14}{score.a_to_b:>20.4f}{score.b_to_a:>20.4f}")
    if score.evidence:
        lines.append(f"  evidence: {', '.join(score.evidence)}")
    lines += [
        f"  {name} waited {counted(n_rounds, 'round')}"
        for name, n_rounds in zip((score.a, score.b), score.waited_rounds, strict=True)
        if n_rounds
    ]
    if score.met_at:
        lines.append(f"  met in the round of {score.met_at}")
    return lines


def past_runs(past: Sequence[PastRun]) -> list[str]:
    """List runs, the live one marked."""
    return [
        f"{'*' if one.is_live else ' '} {one.run_id}  {counted(one.n_groups, 'group')}, "
        f"{counted(one.n_introductions, 'introduction')}, {counted(one.n_gatherings, 'gathering')}, "
        f"{one.n_unplaced} left out"
        for one in past
    ]


def _quarantined(done: ImportSummary | VenueSummary | ContactSummary) -> list[str]:
    """Count the rows that were not taken as they are, and say where they are listed."""
    lines = [f"  {action}: {counted(number, 'row')}: {reason}" for action, reason, number in done.counts]
    return [*lines, f"  each row with file, line and remedy: {done.quarantine_file}"] if lines else []


def _bar(log_odds: float) -> str:
    return ("+" if log_odds > 0 else "-") * min(30, round(abs(log_odds) * 5))
