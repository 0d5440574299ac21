"""Settings refuse what they do not know."""

import dataclasses

import pytest

from matcher.errors import SettingsError
from matcher.settings import Settings, read_options


def test_what_is_not_named_keeps_its_default() -> None:
    """An empty file is a good file."""
    assert read_options(Settings(), {}) == Settings()


def test_a_section_changes_only_what_it_names() -> None:
    """One line of TOML changes one number; a whole number may stand for a real one."""
    read = read_options(Settings(), {"conversation": {"half_life_days": 90}})

    assert read.conversation.half_life_days == 90.0
    assert isinstance(read.conversation.half_life_days, float)
    assert dataclasses.replace(read, conversation=Settings().conversation) == Settings()


def test_a_cooldown_is_measured_against_what_makes_a_round_tonight() -> None:
    """Both may be changed at once; of a nightly round a short cooldown is enough."""
    read = read_options(Settings(), {"rules": {"cooldown_days": 3}, "rotation": {"days_apart": 1}})

    assert (read.rules.cooldown_days, read.rotation.days_apart) == (3.0, 1.0)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            {"candidats": {}},
            "candidats is not a setting; known here: ['affinity', 'candidates', 'conversation', 'embedding', "
            "'gatherings', 'geocoder', 'geography', 'groups', 'introductions', 'rotation', 'rules']",
            id="unknown-section",
        ),
        pytest.param(
            {"rules": {"quarrel": 0.3}},
            "rules.quarrel is not a setting; known here: ['cooldown_days', 'quarrel_messages', 'quarrel_share']",
            id="unknown-name",
        ),
        pytest.param(
            {"candidates": {"n_alike": "10"}}, "candidates.n_alike is '10', a str; needs an int", id="text-for-a-number"
        ),
        pytest.param(
            {"candidates": {"n_alike": True}},
            "candidates.n_alike is True, a bool; needs an int",
            id="truth-for-a-number",
        ),
        pytest.param(
            {"rules": {"quarrel_share": float("nan")}}, "rules.quarrel_share is nan; needs a number", id="not-a-number"
        ),
        pytest.param(
            {"rules": {"quarrel_share": 10**400}}, "rules.quarrel_share is inf; needs a number", id="beyond-any-float"
        ),
        pytest.param(
            {"rules": {"quarrel_share": {}}}, "rules.quarrel_share is {}, a section; needs a float", id="section"
        ),
        pytest.param(
            {"candidates": {"min_heard": 1.5}}, "candidates.min_heard is 1.5; needs a number from 0 to 1", id="no-share"
        ),
        pytest.param(
            {"conversation": {"half_life_days": 0}},
            "conversation.half_life_days is 0.0; needs a number above 0",
            id="no-half-life",
        ),
        pytest.param(
            {"geography": {"default_reach_km": -1}},
            "geography.default_reach_km is -1.0; needs a number 0 or more",
            id="negative-distance",
        ),
        pytest.param(
            {"rules": {"cooldown_days": 3}},
            "rules.cooldown_days is 3.0, with rotation.days_apart at 6.0; "
            "needs 0, or a number above rotation.days_apart",
            id="cooldown-that-keeps-nobody-apart",
        ),
        pytest.param({"rules": 3}, "rules is 3, an int; needs a section", id="number-for-a-section"),
    ],
)
def test_a_typo_is_refused_with_the_way_out(document: dict[str, object], message: str) -> None:
    """A typo must not win silently for a month."""
    with pytest.raises(SettingsError) as refused:
        read_options(Settings(), document)

    assert str(refused.value) == message
