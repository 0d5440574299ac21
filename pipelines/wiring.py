"""The one place that knows the names of engines: from settings to objects."""

import logging
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from matcher.embedding.encoder import WordHashEncoder
from matcher.embedding.options import WORD_HASH_MODEL
from matcher.engines.geopy_geocoder import NominatimGeocoder
from matcher.engines.highs_programs import HighsPrograms
from matcher.engines.sentence_transformers_encoder import SentenceTransformersEncoder
from matcher.errors import InputError, SettingsError
from matcher.geography.geocoder import Geocoder, NoGeocoder
from matcher.plan import Engines
from matcher.publish.options import PublishOptions
from matcher.review.options import DeskOptions
from matcher.settings import Settings, read_options
from matcher.sources.stackexchange import StackExchangeOptions
from matcher.sources.table import TableOptions
from matcher.storage.gazetteer import load_gazetteer
from matcher.storage.geocode_cache import CachedGeocoder
from matcher.storage.vector_cache import CachedEncoder
from matcher.storage.weights import LearnedWeights, WeightStore
from matcher.storage.workspace import Workspace
from pipelines.events import say_embedded


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSettings:
    """How exports are read."""

    table: TableOptions = field(default_factory=TableOptions)
    stackexchange: StackExchangeOptions = field(default_factory=StackExchangeOptions)


@dataclass(frozen=True, kw_only=True, slots=True)
class JobSettings:
    """All that `matcher.toml` may say."""

    night: Settings
    sources: SourceSettings
    publish: PublishOptions = field(default_factory=PublishOptions)
    review: DeskOptions = field(default_factory=DeskOptions)


def read_settings(workspace: Workspace) -> JobSettings:
    """Read `matcher.toml` of the workspace over accepted weights; what neither says has its default.

    Raises:
        SettingsError: The file is no TOML, or says something that is not a setting.
        InputError: Accepted weights cannot be read, or no longer fit.
    """
    path = workspace.settings_file
    document: Mapping[str, Any] = {}
    if path.exists():
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as broken:
            raise SettingsError(f"{path} cannot be read; {broken}; needs TOML in UTF-8") from broken
    start = _learned_settings(WeightStore(folder=workspace.weights_folder))
    return JobSettings(
        night=read_options(start, {name: value for name, value in document.items() if name not in JOB_SECTIONS}),
        sources=read_options(SourceSettings(), _section(document, "sources"), where="sources"),
        publish=read_options(PublishOptions(), _section(document, "publish"), where="publish"),
        review=read_options(DeskOptions(), _section(document, "review"), where="review"),
    )


JOB_SECTIONS = ("sources", "publish", "review")
"""Sections that do not change what a night proposes."""


def _section(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    said = document.get(name, {})
    if not isinstance(said, dict):
        raise SettingsError(f"{name} is {said!r}; needs a section")
    return said


def take_weights(weights: LearnedWeights) -> Settings:
    """Change the program's settings by learned weights.

    Raises:
        SettingsError: They do not fit: another version learned them, or somebody edited them.
    """
    return read_options(Settings(), {"affinity": weights.affinity})


def learned_until(workspace: Workspace) -> datetime | None:
    """Until when the accepted weights know history; None where there are none, or where they do not say.

    Raises:
        InputError: Accepted weights cannot be read.
    """
    weights = WeightStore(folder=workspace.weights_folder).accepted()
    if weights is None:
        return None
    try:
        last = max(datetime.fromisoformat(cutoff) for cutoff in weights.provenance["learned_at"])
        return last + timedelta(days=weights.provenance["horizon_days"])
    except (KeyError, TypeError, ValueError):  # made by hand or by an older version
        return None


def _learned_settings(store: WeightStore) -> Settings:
    weights = store.accepted()
    try:
        return Settings() if weights is None else take_weights(weights)
    except SettingsError as misfit:
        raise InputError(
            f"the weights in {store.in_force} no longer fit; {misfit}; use matcher tune --rollback, then tune again"
        ) from misfit


def engines_for(
    settings: Settings,
    workspace: Workspace,
    *,
    geocoder: Geocoder | None = None,
    check_limit: Callable[[], None] = lambda: None,
) -> tuple[Engines, CachedEncoder]:
    """Choose the engines; the encoder is also returned as what it is, for its counts.

    While texts are embedded, `check_limit` is asked after each thousand whether to go on.
    """

    def tell(n_done: int, n_texts: int) -> None:
        say_embedded(n_done, n_texts)
        check_limit()

    is_model = settings.embedding.model != WORD_HASH_MODEL
    model = SentenceTransformersEncoder(settings.embedding) if is_model else WordHashEncoder()
    encoder = CachedEncoder(model, workspace.vectors_folder, tell=tell)
    engines = Engines(
        encoder=encoder,
        programs=HighsPrograms(),
        gazetteer=load_gazetteer(),
        geocoder=geocoder or NoGeocoder(),
    )
    return engines, encoder


def geocoder_for(
    settings: Settings, workspace: Workspace, today: date, *, may_ask: bool, check_limit: Callable[[], None]
) -> CachedGeocoder | None:
    """Choose the geocoder, if the operator wants one, with what it answered before; a dry run asks nothing new.

    After each text `check_limit` is asked whether to go on.
    """
    if settings.geocoder.service == "none":
        return None
    # geopy logs what it sends, which is a member's own words.
    logging.getLogger("geopy").setLevel(logging.WARNING)
    return CachedGeocoder(
        NominatimGeocoder(settings.geocoder),
        workspace.folder / "geocodes.parquet",
        today=today,
        at_most=settings.geocoder.at_most if may_ask else 0,
        tell=lambda *_: check_limit(),
    )
