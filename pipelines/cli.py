"""The command line: reads arguments, calls a job, says what came of it."""

import re
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from matcher.errors import InputError, MatcherError
from matcher.metrics.history import HistoryOptions
from matcher.storage.workspace import Workspace
from pipelines import cli_accounts, cli_members, cli_publish, cli_review, tell, tell_arrange, tell_backtest, tell_tune
from pipelines.arrange import ArrangeOrder, run_arrange
from pipelines.backtest import BacktestOrder, run_backtest
from pipelines.command import JsonOption, WorkspaceOption, answer
from pipelines.demo import run_demo
from pipelines.events import now, start_logging
from pipelines.import_contacts import import_contacts
from pipelines.importing import ImportOrder, import_export, import_venues
from pipelines.nightly import NightOrder, run_night
from pipelines.past_runs import list_runs, roll_back
from pipelines.tune import TuneOrder, change_weights, run_tune
from pipelines.why import explain_pair
from pipelines.wiring import read_settings

app = typer.Typer(
    name="matcher",
    help="Turns online friendships into real meetings: groups and introductions, proposed every night.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
cli_review.add_to(app)
cli_publish.add_to(app)
cli_accounts.add_to(app)
cli_members.add_to(app)


class Source(StrEnum):
    """Exports that can be read."""

    table = "table"
    stackexchange = "stackexchange"
    venues = "venues"
    contacts = "contacts"


class Objective(StrEnum):
    """What the value of a group is."""

    mean = "mean"
    sum = "sum"


@app.command(epilog="Example: matcher demo --workspace demo-community")
def demo(
    workspace: WorkspaceOption = Path("demo-community"),
    members: Annotated[int, typer.Option(help="How many people to make up.", min=60, max=2_000)] = 240,
    seed: Annotated[int, typer.Option(help="What chance is made from.", min=0)] = 1,
    *,
    as_json: JsonOption = False,
) -> None:
    """Make a synthetic community, run a night on it, say what to look at next."""
    start_logging(is_quiet=as_json)
    done = run_demo(Workspace(folder=workspace), n_members=members, seed=seed, now=now())
    answer(as_json, tell.night_facts(done.night), [*tell.imported(done.imported), *tell.night(done.night)])
    if not as_json:
        typer.echo("\n".join(tell.what_next(done.night, workspace)))


@app.command(
    "import",
    epilog="Example: matcher import table members.csv messages.jsonl   or   matcher import stackexchange DIR   or   "
    "matcher import venues venues.csv   with the columns name, lat, lon and, if you like, capacity and public (yes or "
    "no; yes where it is not said), as in: Café Central,47.07,15.44,12,yes   or   matcher import contacts contacts.csv "
    "  with the columns member and email",
)
def import_(
    source: Annotated[Source, typer.Argument(help="What kind of export it is.")],
    paths: Annotated[list[Path], typer.Argument(help="Files, or the folder of a dump.")],
    workspace: WorkspaceOption = Path(),
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Forget what it lacks: blocks and refusals; or all venues, all contacts.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read a real export, venues to meet in, or members' addresses; bad rows are quarantined and counted."""
    start_logging(is_quiet=as_json)
    place = Workspace(folder=workspace)
    settings = read_settings(place).sources
    if source is Source.venues:
        read = import_venues(place, paths, settings.table, is_replacing=replace, now=now())
        answer(as_json, asdict(read), tell.imported_venues(read))
        return
    if source is Source.contacts:
        kept = import_contacts(place, paths, settings.table, is_replacing=replace, now=now())
        answer(as_json, asdict(kept), tell.imported_contacts(kept))
        return
    kind: Literal["table", "stackexchange"] = "table" if source is Source.table else "stackexchange"
    order = ImportOrder(source=kind, paths=tuple(paths), is_replacing=replace)
    done = import_export(place, order, settings, now=now())
    answer(as_json, asdict(done), tell.imported(done))


@app.command(epilog="Example: matcher run --as-of 2026-03-01 --seed 1")
def run(
    workspace: WorkspaceOption = Path(),
    as_of: Annotated[
        str | None, typer.Option(help="See the community at this date or instant (UTC). Default: its newest message.")
    ] = None,
    seed: Annotated[int, typer.Option(help="What chance is made from.", min=0)] = 1,
    time_limit: Annotated[float | None, typer.Option(help="Give up after so many seconds.", min=1)] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan and audit; leave nothing behind.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run the night: plan, audit, and leave a run behind."""
    start_logging(is_quiet=as_json)
    place = Workspace(folder=workspace)
    order = NightOrder(as_of=_instant(as_of), seed=seed, time_limit_seconds=time_limit, is_dry_run=dry_run)
    settings = read_settings(place)
    done = run_night(place, settings.night, order, now=now(), desk=settings.review)
    answer(as_json, tell.night_facts(done), tell.night(done))


@app.command(epilog="Example: matcher why u12 u34")
def why(
    a: Annotated[str, typer.Argument(help="A member's id or name.")],
    b: Annotated[str, typer.Argument(help="Another's.")],
    workspace: WorkspaceOption = Path(),
    *,
    as_json: JsonOption = False,
) -> None:
    """Open up the score of one pair: parts in log-odds that add up, with evidence."""
    score = explain_pair(Workspace(folder=workspace), a, b)
    answer(as_json, asdict(score), tell.waterfall(score))


@app.command(epilog="Example: matcher backtest --cutoff 2023-07-01 --cutoff 2024-01-01")
def backtest(  # noqa: PLR0913 -- one argument an option of the command
    workspace: WorkspaceOption = Path(),
    cutoff: Annotated[
        list[str] | None,
        typer.Option(help="See only what came before this date; may be given again. Default: four, in the later half."),
    ] = None,
    *,
    horizon_days: Annotated[int, typer.Option(help="How long after a cutoff an exchange counts.", min=1)] = 180,
    min_messages: Annotated[int, typer.Option(help="Judge on members with so many in the year before.", min=1)] = 10,
    min_active_days: Annotated[int, typer.Option(help="On so many different days.", min=1)] = 1,
    resamples: Annotated[int, typer.Option(help="Bootstrap draws behind each interval.", min=20)] = 1_000,
    seed: Annotated[int, typer.Option(help="What chance is made from.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Replay history at cutoffs: how well the scores foretell who goes on to talk, beside the baselines."""
    start_logging(is_quiet=as_json)
    place = Workspace(folder=workspace)
    history = HistoryOptions(horizon_days=horizon_days, min_messages=min_messages, min_active_days=min_active_days)
    cutoffs = tuple(_beginning(said, option="--cutoff") for said in cutoff or ())
    order = BacktestOrder(cutoffs=cutoffs, n_resamples=resamples, seed=seed, history=history)
    done = run_backtest(place, read_settings(place).night, order)
    answer(as_json, tell_backtest.backtest_facts(done), tell_backtest.backtest(done))


@app.command(epilog="Example: matcher tune   then   matcher tune --accept")
def tune(
    workspace: WorkspaceOption = Path(),
    *,
    lessons: Annotated[int, typer.Option(help="Cutoffs to learn from, in earlier history.", min=1)] = 8,
    horizon_days: Annotated[int, typer.Option(help="How long after a cutoff an exchange counts.", min=1)] = 180,
    accept: Annotated[bool, typer.Option("--accept", help="Put the proposed weights in force.")] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the weights before.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Learn weights from earlier history, check them on later history, propose them; then accept or go back."""
    start_logging(is_quiet=as_json)
    place = Workspace(folder=workspace)
    if accept or rollback:
        in_force = change_weights(place, is_accepting=accept, is_rolling_back=rollback, now=now())
        answer(as_json, tell_tune.weights_facts(in_force), tell_tune.weights_in_force(in_force))
        return
    order = TuneOrder(n_lessons=lessons, check=BacktestOrder(history=HistoryOptions(horizon_days=horizon_days)))
    done = run_tune(place, read_settings(place).night, order, now=now())
    answer(as_json, tell_tune.tune_facts(done), tell_tune.tune(done))


@app.command(epilog="Example: matcher arrange pairs.csv --sizes 4-6 --time-limit 30")
def arrange(  # noqa: PLR0913 -- one argument an option of the command
    file: Annotated[Path, typer.Argument(help="CSV or Parquet with columns a, b, weight; or MDGPLIB text.")],
    sizes: Annotated[
        str | None, typer.Option(help="Members of a group, like 4-6 or 5. Default: 4-6, for MDGPLIB its own.")
    ] = None,
    objective: Annotated[
        Objective | None,
        typer.Option(help="Add up members' mean weights, or all weights. Default: mean, for MDGPLIB sum."),
    ] = None,
    time_limit: Annotated[float | None, typer.Option(help="End the search after so many seconds.")] = None,
    seed: Annotated[int, typer.Option(help="What chance is made from.", min=0)] = 1,
    *,
    everyone: Annotated[bool, typer.Option("--everyone", help="Leave nobody out.")] = False,
    workspace: Annotated[Path, typer.Option("--workspace", help="Not needed here: nothing in it is read.")] = Path(),
    as_json: JsonOption = False,
) -> None:
    """Form groups from any table of pair weights: the optimizer alone, with its bound."""
    del workspace  # every command takes one
    start_logging(is_quiet=as_json)
    order = ArrangeOrder(
        path=file,
        sizes=_sizes(sizes),
        objective=objective.value if objective else None,
        is_everyone=everyone,
        time_limit_seconds=time_limit,
        seed=seed,
    )
    done = run_arrange(order)
    answer(as_json, tell_arrange.arrangement_facts(done), tell_arrange.arrangement(done))


@app.command(epilog="Example: matcher runs   or   matcher runs --rollback 2026-02-28-1a2b3c4d")
def runs(
    workspace: WorkspaceOption = Path(),
    rollback: Annotated[str | None, typer.Option(help="Make this earlier run the live one.")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """List past runs and their figures, or go back to one."""
    place = Workspace(folder=workspace)
    if rollback is not None:
        roll_back(place, rollback, now=now())
    past = list_runs(place)
    answer(as_json, {"runs": [asdict(one) for one in past]}, tell.past_runs(past))


def main() -> None:
    """Run the command line; errors of ours become one message and an exit code."""
    try:
        app()
    except MatcherError as error:
        typer.echo(f"matcher: {error}", err=True)
        sys.exit(2 if isinstance(error, InputError) else 1)
    except OSError as error:
        typer.echo(f"matcher: the disk refuses; {error}; check the path, its rights and the space left", err=True)
        sys.exit(1)


def _sizes(said: str | None) -> tuple[int, int] | None:
    """Read the fewest and the most members of a group, or one number for both.

    Raises:
        InputError: It is neither.
    """
    if said is None:
        return None
    numbers = re.fullmatch(r"\s*([0-9]{1,6})\s*(?:[-–]\s*([0-9]{1,6})\s*)?", said)  # noqa: RUF001 -- an en dash is meant
    if numbers is None:
        raise InputError(
            f"--sizes is {said!r}; needs the fewest and the most members of a group, like 4-6, or one number"
        )
    return int(numbers[1]), int(numbers[2] or numbers[1])


def _instant(said: str | None) -> datetime | None:
    """Read a date (its last instant) or an ISO 8601 instant.

    Raises:
        InputError: It is neither.
    """
    if said is None:
        return None
    begins = _beginning(said, option="--as-of")
    return begins.replace(hour=23, minute=59, second=59) if len(said) == len("2026-03-01") else begins


def _beginning(said: str, *, option: str) -> datetime:
    """Read a date (its first instant) or an ISO 8601 instant.

    Raises:
        InputError: It is neither.
    """
    try:
        instant = datetime.fromisoformat(said)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:
        raise InputError(f"{option} is {said!r}; needs a date or an instant, like 2026-03-01") from wrong
