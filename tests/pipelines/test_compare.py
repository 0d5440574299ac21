"""Weights side by side: the same history, the same draws, and only the weights differ."""

from dataclasses import replace

import polars as pl
import pytest

from matcher import Settings, Weights, Workspace
from matcher.embedding.options import WORD_HASH_MODEL
from matcher.errors import InputError
from matcher.metrics.history import HistoryOptions
from pipelines.backtest import BacktestOrder, run_backtest
from pipelines.compare import IN_FORCE, compare_weights
from pipelines.replay import OURS
from tests.pipelines.test_backtest import village

ORDER = BacktestOrder(n_cutoffs=1, n_resamples=20, history=HistoryOptions(min_messages=3))
START = Settings()
SETTINGS = replace(START, embedding=replace(START.embedding, model=WORD_HASH_MODEL))
NOTHING = Weights(base=0, interests=0, company=0, people=0, wrote=0, was_answered=0)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The village of the backtest's tests."""
    place = Workspace(folder=tmp_path_factory.mktemp("village"))
    raw = village()
    place.save_community(
        raw.members, raw.messages, raw.blocks, source="test", notice="Made up.", quarantine=pl.DataFrame()
    )
    return place


def test_the_same_weights_gain_exactly_nothing(workspace: Workspace) -> None:
    """Not about nothing: both are judged on the very same draws."""
    done = compare_weights(workspace, SETTINGS, {"the same": SETTINGS.affinity}, ORDER)

    assert {(one.figure.value, one.figure.low, one.figure.high) for one in done.gains} == {(0.0, 0.0, 0.0)}


def test_the_weights_in_force_get_the_figures_of_the_backtest(workspace: Workspace) -> None:
    """What a scientist compares is what the backtest prints."""
    compared = compare_weights(workspace, SETTINGS, {}, ORDER)

    printed = run_backtest(workspace, SETTINGS, ORDER)
    ours = {one.asked: one for one in printed.results if one.asked.method == OURS}
    assert {
        one.asked._replace(method=OURS): replace(one, asked=one.asked._replace(method=OURS)) for one in compared.results
    } == ours


def test_a_change_moves_the_figures_of_its_own_use_alone(workspace: Workspace) -> None:
    """Who talks already is scored as before."""
    changed = replace(SETTINGS.affinity, introduce=NOTHING)

    done = compare_weights(workspace, SETTINGS, {"strangers are all alike": changed}, ORDER)

    assert {one.asked.use for one in done.gains if one.figure.value} == {"introduce"}


def test_a_change_may_not_be_named_like_what_is_in_force(workspace: Workspace) -> None:
    """It would silently take its place."""
    with pytest.raises(InputError, match="call the change something else"):
        compare_weights(workspace, SETTINGS, {IN_FORCE: SETTINGS.affinity}, ORDER)
