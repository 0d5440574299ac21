"""The nightly job: read the community, plan the night, audit the plan, leave a run behind."""

import dataclasses
import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

import matcher
from matcher.errors import AuditError, InputError
from matcher.metrics.night import count_night
from matcher.plan import plan_meetups
from matcher.review.options import DeskOptions
from matcher.rules.audit import AuditOptions, audit_gatherings, audit_plan, audit_rounds
from matcher.rules.audit_decided import audit_decided
from matcher.rules.checks import Audit
from matcher.settings import Settings
from matcher.storage.lock import hold_lock
from matcher.storage.runs import RunStore
from matcher.storage.vector_cache import CachedEncoder
from matcher.storage.workspace import StoredCommunity, Workspace
from matcher.tables.community import Community, community_as_of, without
from matcher.tables.geography import Places
from matcher.tables.pairs import Affinities, Candidates
from matcher.tables.picture import Picture
from matcher.tables.proposals import Figure, Plan, RunFacts
from pipelines.decided import DeskMemory, read_desk, tell_held
from pipelines.events import Stopwatch, busy, log, peak_megabytes
from pipelines.geocoding import credit_geocoder
from pipelines.kept import KeptTables
from pipelines.rounds import fingerprint_with_rounds, remember_rounds
from pipelines.run_folder import run_desk, run_files, run_tables
from pipelines.wiring import engines_for, geocoder_for

NO_OPTIONS = DeskOptions()


@dataclass(frozen=True, kw_only=True, slots=True)
class NightOrder:
    """What the operator asks of one night.

    Attributes:
        as_of: The instant to see the community at; None: its newest message.
        seed: What chance is made from.
        time_limit_seconds: The search for groups leaves off then, and the plan says so; where there is no plan yet, the
            night stops, and yesterday's plan stays.
        is_dry_run: Plan and audit, but leave nothing behind.
    """

    as_of: datetime | None = None
    seed: int = 1
    time_limit_seconds: float | None = None
    is_dry_run: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class NightDone:
    """What the night came to.

    Attributes:
        folder: The run; None after a dry run.
        facts: What the plan was made from.
        figures: The night's numbers.
    """

    plan: Plan
    audit: Audit
    facts: RunFacts
    figures: tuple[Figure, ...]
    folder: Path | None


def run_night(
    workspace: Workspace, settings: Settings, order: NightOrder, *, now: datetime, desk: DeskOptions = NO_OPTIONS
) -> NightDone:
    """Run one night, whole or not at all; what organizers decided until now is kept, and what they decide now is not.

    Args:
        workspace: Where the community and its runs are.
        settings: One section a stage.
        order: What the operator asks.
        now: The instant.
        desk: Where the desk remembers.

    Raises:
        InputError: There is nothing to plan for.
        AuditError: The plan breaks a rule; it is not published.
        LockedError: Another job holds the workspace.
    """
    watch = Stopwatch()
    runs = RunStore(folder=workspace.runs_folder)
    if not workspace.folder.is_dir():
        raise InputError(f"there is no workspace at {workspace.folder}; import a community first, or mend --workspace")
    with hold_lock(workspace.folder, job="run", now=now):
        runs.recover()
        stored = workspace.load_community()
        memory = read_desk(workspace, runs, desk)
        stored = dataclasses.replace(stored, members=without(stored.members, memory.heard.left))
        community = _community(stored, order.as_of, runs, settings, memory)
        kept = KeptTables(time_limit_seconds=order.time_limit_seconds)
        geocoder = geocoder_for(
            settings, workspace, now.date(), may_ask=not order.is_dry_run, check_limit=kept.check_limit
        )
        engines, encoder = engines_for(settings, workspace, geocoder=geocoder, check_limit=kept.check_limit)
        rng = np.random.default_rng([order.seed, community.as_of.toordinal(), zlib.crc32(b"groups")])
        with busy(f"planning the night of {community.as_of:%Y-%m-%d} for {len(community.index)} members"):
            plan = plan_meetups(community, engines, settings, rng=rng, kept=kept, stop=kept.is_over)
            audit = _audit(plan, stored, kept.get(Picture), settings)
        _refuse(audit)
        tell_held(community.decided, plan)
        stored, attribution = credit_geocoder(geocoder, stored)
        facts = _facts(stored, community, settings, encoder.name, order.seed)
        facts = dataclasses.replace(facts, attribution=attribution)
        picture, fair = kept.get(Picture), settings.groups.worst_way_share
        counts = count_night(picture, kept.get(Candidates), kept.get(Affinities), plan, worst_way_share=fair)
        figures = (*counts, *_costs(encoder, kept, watch))
        folder = None
        if not order.is_dry_run:
            files = run_files(plan, community, kept.get(Places), facts, figures, audit)
            folder = runs.publish(facts.run_id, {**files, **run_desk(kept, facts)}, run_tables(kept))
        return NightDone(plan=plan, audit=audit, facts=facts, figures=figures, folder=folder)


def _community(
    stored: StoredCommunity, as_of: datetime | None, runs: RunStore, settings: Settings, memory: DeskMemory
) -> Community:
    newest = stored.messages.frame.get_column("sent_at").max()
    if not isinstance(newest, datetime):
        raise InputError("there is nothing to plan from; found no messages; import some: matcher import table …")
    as_of, days_apart = as_of or newest, settings.rotation.days_apart
    meetings = remember_rounds(
        runs,
        as_of,
        n_rounds=settings.rotation.rounds,
        n_days=max(settings.rules.cooldown_days, settings.gatherings.rest_days),
        days_apart=days_apart,
        desk=memory,
    )
    community = community_as_of(
        stored.members, stored.messages, stored.blocks, as_of, notice=stored.notice, meetings=meetings
    )
    decided = memory.decided(as_of, days_apart=days_apart).among(community.index.ids)
    community = dataclasses.replace(community, venues=stored.venues, decided=decided)
    if not len(community.index):
        raise InputError("there is nobody to plan for; found no member who opted in; import who did")
    if not len(community.messages):
        raise InputError(f"nobody had written anything by {community.as_of:%Y-%m-%d}; choose a later --as-of")
    return community


def _facts(stored: StoredCommunity, community: Community, settings: Settings, model: str, seed: int) -> RunFacts:
    """Name the run after everything that its plan follows from."""
    said = json.dumps(dataclasses.asdict(settings), sort_keys=True, default=str)
    settings_fingerprint = hashlib.sha256(said.encode()).hexdigest()
    input_fingerprint = fingerprint_with_rounds(stored.fingerprint, community.meetings, community.decided)
    everything = "\n".join(
        (matcher.__version__, input_fingerprint, community.as_of.isoformat(), settings_fingerprint, model, str(seed))
    )
    return RunFacts(
        run_id=f"{community.as_of:%Y-%m-%d}-{hashlib.sha256(everything.encode()).hexdigest()[:8]}",
        seed=seed,
        model=model,
        input_fingerprint=input_fingerprint,
        settings_fingerprint=settings_fingerprint,
    )


def _audit(plan: Plan, stored: StoredCommunity, picture: Picture, settings: Settings) -> Audit:
    """Hold the plan against what was imported, against earlier rounds, and against what was decided."""
    options, community, places = _audit_options(settings), picture.community, picture.places
    audits = [
        audit_plan(plan, stored.members, stored.messages, stored.blocks, places, options),
        audit_rounds(plan, community.meetings, options),
        audit_gatherings(plan, stored.members, stored.blocks, places, options),
    ]
    if community.decided.told():
        audits.append(audit_decided(plan, community.decided, picture))
    return Audit(checks=tuple(check for audit in audits for check in audit.checks))


def _audit_options(settings: Settings) -> AuditOptions:
    return AuditOptions(
        cooldown_days=settings.rules.cooldown_days,
        rounds=settings.rotation.rounds,
        min_size=settings.groups.min_size,
        max_size=settings.groups.max_size,
        max_introductions=settings.introductions.max_per_member,
        gathering_sizes=(settings.gatherings.min_size, settings.gatherings.max_size),
        max_gatherings=settings.gatherings.max_per_night,
        min_gain=settings.gatherings.min_gain,
        opening_cost=settings.gatherings.opening_cost,
        rest_days=settings.gatherings.rest_days,
    )


def _refuse(audit: Audit) -> None:
    for check in audit.checks:
        log.info("audit: %s: %d checked, %d violations", check.name, check.n_checked, len(check.violations))
    if not audit.is_clean:
        raise AuditError(
            f"the plan breaks {len(audit.violations)} rules and is not published; found first: {audit.violations[0]}; "
            "yesterday's plan stays live"
        )


def _costs(encoder: CachedEncoder, kept: KeptTables, watch: Stopwatch) -> tuple[Figure, ...]:
    """What the night cost: texts, seconds, memory."""
    loading, embedding, total = encoder.seconds_loading, encoder.seconds_embedding, watch.total()
    rest = total - loading - embedding
    return (
        Figure(section="embedding", name="n_texts", value=encoder.n_asked, meaning="texts the night needed"),
        Figure(section="embedding", name="n_embedded", value=encoder.n_embedded, meaning="of them new tonight"),
        Figure(section="seconds", name="importing_seconds", value=round(loading, 2), meaning="importing the model"),
        Figure(section="seconds", name="embedding_seconds", value=round(embedding, 2), meaning="embedding new texts"),
        Figure(section="seconds", name="rest_seconds", value=round(rest, 2), meaning="everything else"),
        Figure(section="seconds", name="total_seconds", value=round(total, 2), meaning="the whole night"),
        *(
            Figure(section="stage seconds", name=f"{name}_seconds", value=seconds, meaning=f"until {name} stood")
            for name, seconds in kept.seconds.items()
        ),
        Figure(section="memory", name="peak_mb", value=peak_megabytes(), meaning="most memory used at once"),
    )
