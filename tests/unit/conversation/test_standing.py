"""Whether a member talks with people or at them."""

import polars as pl
import pytest

from tests.worlds import LONG, Said, hear, world


def _standings(said: list[Said]) -> dict[str, tuple[float, str]]:
    frame = hear(world(said)).standings.frame
    rows = frame.select(pl.col("member").cast(pl.String), "standing_share", "why").iter_rows()
    return {member: (share, why) for member, share, why in rows}


def test_a_loudspeaker_stands_low_with_a_reason() -> None:
    """One-way, link-heavy posting lowers standing, and an organizer can read why."""
    said = [Said(by="shop", id=f"s{n}", text=f"New offer {n} https://x.example", n_links=1) for n in range(10)]

    standing, why = _standings(said)["shop"]

    assert standing == 0
    assert why == (
        "100 % of 10 messages answer nobody and get no answer; 100 % carry links; 90 % repeat an earlier one"
    )


def test_calling_names_into_the_void_is_no_conversation() -> None:
    """A promoter who tags people is answered by none of them; one polite "please stop" changes little."""
    said = [
        Said(by="shop", id=f"s{n}", text=f"New offer {n} https://x.example", n_links=1, naming=[f"x{n}"])
        for n in range(10)
    ]

    standing, _ = _standings([*said, Said(by="x3", to="s3", text="please stop")])["shop"]

    assert standing == pytest.approx(0.1)


def test_a_newcomer_without_answers_is_no_loudspeaker() -> None:
    """Nobody answered them yet: that is for us to change."""
    said = [Said(by="new", id=f"n{n}", text=f"{'well ' * n}{LONG}") for n in range(6)]

    assert _standings(said)["new"] == (1.0, "")


def test_a_helper_who_links_the_manual_is_no_loudspeaker() -> None:
    """Links are fine where they answer somebody."""
    asked = [Said(by="ana", id=f"q{n}") for n in range(6)]
    answered = [Said(by="help", id=f"a{n}", to=f"q{n}", n_links=2, text=f"see page {n}") for n in range(6)]

    assert _standings([*asked, *answered])["help"] == (1.0, "")


def test_a_lurker_stands_well() -> None:
    """Silence is no fault."""
    assert _standings([Said(by="ana", naming=["quiet"])])["quiet"] == (1.0, "")


def test_we_know_best_who_wrote_much_and_lately() -> None:
    """One question of years ago tells us nothing about whom somebody wants to meet today."""
    others = [Said(by="chatter", text=f"word {n} another", id=f"c{n}") for n in range(50)]
    said = [
        *(Said(by="regular", id=f"r{n}") for n in range(5)),
        Said(by="newcomer", id="n0"),
        Said(by="gone", id="g0", days_ago=3_000),
    ]

    frame = hear(world([*others, *said, Said(by="x", naming=["silent"])])).standings.frame
    heard = dict(frame.select(pl.col("member").cast(pl.String), "heard_share").iter_rows())

    assert heard["regular"] > 0.5 > heard["newcomer"] > 0.2 > heard["gone"]
    assert heard["silent"] == 0


def test_a_machine_that_fills_in_a_form_stands_low() -> None:
    """Notices that differ in their details only repeat each other, though no two are the same."""
    said = [
        Said(by="bot", id=f"b{n}", text=f"The nightly build of the kitchen timer has failed for {'very ' * n}{LONG}")
        for n in range(10)
    ]

    assert _standings(said)["bot"][0] == pytest.approx(0.1)
