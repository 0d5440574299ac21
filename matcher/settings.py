"""One frozen value for the whole night: a section for each stage, declared in the stage.

What a stage may be told is documented in its options class; here is only how they come together.
"""

import dataclasses
import math
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from matcher.affinity.options import AffinityOptions
from matcher.arrangement.gatherings import GatheringOptions
from matcher.arrangement.groups import GroupOptions
from matcher.arrangement.introductions import IntroductionOptions
from matcher.arrangement.rotation import RotationOptions
from matcher.candidates.propose import CandidateOptions
from matcher.conversation.options import ConversationOptions
from matcher.embedding.options import EmbeddingOptions
from matcher.errors import SettingsError
from matcher.geography.geocoder import GeocoderOptions
from matcher.geography.options import GeographyOptions
from matcher.rules.vetoes import RuleOptions

Options = TypeVar("Options")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What the night may be told, stage by stage."""

    embedding: EmbeddingOptions = field(default_factory=EmbeddingOptions)
    conversation: ConversationOptions = field(default_factory=ConversationOptions)
    geography: GeographyOptions = field(default_factory=GeographyOptions)
    geocoder: GeocoderOptions = field(default_factory=GeocoderOptions)
    rules: RuleOptions = field(default_factory=RuleOptions)
    candidates: CandidateOptions = field(default_factory=CandidateOptions)
    affinity: AffinityOptions = field(default_factory=AffinityOptions)
    groups: GroupOptions = field(default_factory=GroupOptions)
    introductions: IntroductionOptions = field(default_factory=IntroductionOptions)
    gatherings: GatheringOptions = field(default_factory=GatheringOptions)
    rotation: RotationOptions = field(default_factory=RotationOptions)

    def __post_init__(self) -> None:
        """Refuse sections that do not go together.

        Raises:
            SettingsError: A cooldown is over before there is a round to remember, so it would keep nobody apart.
        """
        cooldown, apart = self.rules.cooldown_days, self.rotation.days_apart
        if 0 < cooldown <= apart:
            raise SettingsError(
                f"rules.cooldown_days is {cooldown}, with rotation.days_apart at {apart}; "
                f"needs 0, or a number above rotation.days_apart"
            )


def read_options(start: Options, values: Mapping[str, Any], *, where: str = "") -> Options:
    """Change a frozen options value by plain values, as TOML gives them.

    Args:
        start: A dataclass; nested dataclasses are sections. What is not named stays as it is here.
        values: By name.
        where: Path of the section, for messages.

    Raises:
        SettingsError: A name is unknown, a value has the wrong type, or the options refuse it.
    """
    hints = typing.get_type_hints(type(start))
    known = {one.name for one in dataclasses.fields(typing.cast("Any", start))}
    prefix = f"{where}." if where else ""
    made: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(f"{prefix}{name} is not a setting; known here: {sorted(known)}")
        here = getattr(start, name)
        if dataclasses.is_dataclass(hints[name]) and isinstance(value, Mapping):
            made[name] = read_options(here, value, where=f"{prefix}{name}")
        else:
            made[name] = _read_value(hints[name], value, where=f"{prefix}{name}")
    return typing.cast("Options", dataclasses.replace(typing.cast("Any", start), **made))


def _read_value(hint: Any, value: Any, *, where: str) -> Any:  # noqa: ANN401 -- TOML's values have no narrower type
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return _read_number(value, where=where)
    plain = typing.get_origin(hint) or hint
    if not isinstance(value, plain) or (isinstance(value, bool) and plain is not bool):
        raise SettingsError(f"{where} is {value!r}, {_kind(type(value))}; needs {_kind(plain)}")
    if plain is Mapping:  # of names to names, like the columns of an export
        for name, one in value.items():
            _read_value(str, one, where=f"{where}.{name}")
    return value


def _read_number(value: float, *, where: str) -> float:
    try:
        number = float(value)
    except OverflowError:  # an integer may have more digits than any float
        number = math.inf
    if not math.isfinite(number):
        raise SettingsError(f"{where} is {number}; needs a number")
    return number


def _kind(plain: type) -> str:
    """Name a type as TOML's reader knows it, with its article."""
    if dataclasses.is_dataclass(plain) or issubclass(plain, Mapping):
        return "a section"
    return f"{'an' if plain.__name__[0] in 'aeiou' else 'a'} {plain.__name__}"
