"""report.html: whole, readable, and deaf to what members write into their names."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from matcher.publish.night_words import matching_in_words, objective_in_words
from matcher.publish.report import report_html
from matcher.publish.safe_text import clip_text
from matcher.tables.proposals import Figure, Matching, Objective
from tests.unit.publish.worlds import (
    EXACT_PLACES,
    PRIVATE_WORDS,
    SCRIPT,
    Night,
    a_night,
    a_travelled_night,
    an_empty_night,
)

NIGHTS = (
    pytest.param(a_night, id="a night"),
    pytest.param(a_travelled_night, id="a travelled night"),
    pytest.param(an_empty_night, id="an empty night"),
)
ELEMENTS = re.compile(
    "html|head|meta|title|style|body|a|header|main|footer|nav|section|article|figure|figcaption|blockquote|h[1-4]|p|"
    "span|strong|bdi|code|ul|ol|li|dl|dt|dd|div|details|summary|table|caption|thead|tbody|tr|th|td|"
    "svg|defs|symbol|g|path|use|text|rect|circle|polygon|desc"
)
ADDRESSES = {"href", "src", "srcset", "action", "data", "poster", "background", "xlink:href", "formaction", "ping"}


def written(night: Night) -> str:
    return report_html(
        night.plan,
        night.community,
        night.places,
        night.facts,
        figures=night.figures,
        checks=("Nobody is proposed with someone they block.",),
    )


def page(night: Night) -> LexborHTMLParser:
    return LexborHTMLParser(written(night))


def nodes(night: Night) -> list[LexborNode]:
    return page(night).css("*")


def text_of(night: Night) -> str:
    body = page(night).body
    assert body is not None
    return " ".join(body.text(separator=" ").split())


@pytest.mark.parametrize("night", NIGHTS)
def test_only_our_own_elements_are_there(night: Callable[[], Night]) -> None:
    """A name that brings its own markup would show as an element that we did not write."""
    assert not [node.tag for node in nodes(night()) if not ELEMENTS.fullmatch(node.tag or "")]


@pytest.mark.parametrize("night", NIGHTS)
def test_no_attribute_runs_anything(night: Callable[[], Night]) -> None:
    """Neither handlers nor addresses that are code."""
    attributes = [(name, value or "") for node in nodes(night()) for name, value in node.attributes.items()]

    assert not [name for name, _ in attributes if name.startswith("on")]
    assert not [value for _, value in attributes if "javascript:" in value.lower()]


@pytest.mark.parametrize("night", NIGHTS)
def test_it_loads_nothing(night: Callable[[], Night]) -> None:
    """Readable on a train, and nobody learns that it was read."""
    loaded = [
        (node.tag, value)
        for node in nodes(night())
        for name, value in node.attributes.items()
        if name in ADDRESSES and not (node.tag in {"a", "use"} and (value or "").startswith("#"))
    ]

    assert all(tag == "a" for tag, _ in loaded)
    assert not re.findall(r"url\(|@import", written(night()))


def test_links_lead_to_the_web_without_telling() -> None:
    """Only http and https, and the page linked to learns nothing of this one."""
    links = [link for link in page(a_night()).css("a") if not (link.attributes["href"] or "").startswith("#")]

    assert {link.attributes["href"] for link in links} == {
        "https://forum.example/t/1?a=1&b=2",
        "https://forum.example/t/7",
    }
    assert all("noopener" in (link.attributes["rel"] or "") for link in links)


@pytest.mark.parametrize("night", NIGHTS)
def test_links_within_the_page_arrive(night: Callable[[], Night]) -> None:
    """The list of contents must not lead nowhere, and no id may stand twice."""
    tree = nodes(night())

    ids = [node.attributes["id"] for node in tree if "id" in node.attributes]
    links = [node.attributes.get("href") or "" for node in tree]

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


@pytest.mark.parametrize("night", NIGHTS)
def test_the_policy_forbids_all_that_we_do_not_need(night: Callable[[], Night]) -> None:
    """Should escaping ever fail, the browser still runs nothing."""
    policy = page(night()).css_first('meta[http-equiv="Content-Security-Policy"]')

    assert policy is not None
    assert (policy.attributes["content"] or "").startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_every_proposed_person_is_named() -> None:
    """As they call themselves, however strange."""
    text = text_of(a_night())

    for name in ("Ana Ruiz", SCRIPT, "Émile O'Neill", "李小龍", "{{ 7 * 7 }}", '" onmouseover="alert(1)'):
        assert name in text


def test_evidence_is_quoted_and_shortened() -> None:
    """The reader hears the voices, with author, date and place."""
    night = a_night()

    text = text_of(night)

    long = night.community.messages.frame.filter(message="t1")["text"][0]
    assert clip_text(long, limit=280) in text
    assert long.strip() not in text
    assert "Ana Ruiz , 1 April 2024, in baking <i>club</i>" in text


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("secret", [*PRIVATE_WORDS, *EXACT_PLACES])
def test_nothing_private_is_written(night: Callable[[], Night], secret: str) -> None:
    """A private message that slipped in among the evidence is not quoted either."""
    assert secret not in written(night())


@pytest.mark.parametrize("night", NIGHTS)
def test_nothing_turns_the_direction_of_reading(night: Callable[[], Night]) -> None:
    """Override characters could make a name swallow the text after it."""
    assert not set(written(night())) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u0000\u0007")


def test_headline_counts_what_is_proposed() -> None:
    """One sentence says what the night is about."""
    assert "2 groups and 3 introductions for 11 people" in text_of(a_night())
    assert "2 groups, 3 introductions and 1 gathering for 12 people" in text_of(a_travelled_night())
    assert "Nothing to propose tonight" in text_of(an_empty_night())


def test_everyone_left_out_stands_under_a_reason() -> None:
    """By count, with the names to unfold."""
    folded = [" ".join(node.text(separator=" ").split()) for node in page(a_night()).css("#left-out details")]

    assert folded == [
        "Has written nothing yet, so there is nothing to go by 1 person m12 .",
        "Could have been placed; tonight others fitted together better 1 person Quiet Quinn .",
    ]


def test_kind_place_and_acquaintance_of_a_pair_are_told() -> None:
    """What an organizer needs to write the two a line."""
    first, second, third = [
        " ".join(node.text(separator=" ").split()) for node in page(a_night()).css("#introductions article")
    ]

    assert "They should know each other Ana Ruiz and 李小龍 In person They could meet in Seattle, Washington." in first
    assert 'HYPERLINK("http://evil.example","x") knows both.' in first
    assert "They know each other online {{ 7 * 7 }} and" in second
    assert "Begin online" in second
    assert "would gain 1 in 3 , very strong" in third


def test_the_page_is_the_same_to_the_byte() -> None:
    """Nothing in it comes from a clock or from chance."""
    assert written(a_night()) == written(a_night())


@pytest.mark.parametrize("night", NIGHTS)
def test_headings_step_down_one_by_one(night: Callable[[], Night]) -> None:
    """Who listens to the page finds the way by its headings."""
    tags = [node.tag or "" for node in nodes(night())]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_maps_are_told_in_words() -> None:
    """A map that only eyes can read is not for everyone."""
    maps = page(a_night()).css('svg[role="img"]')

    assert len(maps) == 5
    assert all(one.css("title") and one.css("desc") for one in maps)
    assert "Émile O'Neill from Lyon, France" in maps[2].css("desc")[0].text()


def test_the_coast_is_written_once() -> None:
    """Hundreds of maps share one outline, or the file would be huge."""
    tree = page(a_night())

    assert len(tree.css("path.land")) == 1
    assert len(tree.css('use[href="#world"]')) == 5


def test_figures_come_with_their_unit() -> None:
    """A number without its unit is a riddle."""
    night = a_night()
    rows = [" ".join(node.text(separator=" ").split()) for node in page(night).css("#figures tr")]

    assert rows[1:] == [
        "members whose home is known placed_share 76.9 %",
        "pairs worth scoring n_candidates 12,345",
        "turning words into vectors embed_seconds 12.3 s",
    ]


@pytest.mark.parametrize(
    ("value", "bound", "words"),
    [
        pytest.param(3.5, 3.6, "within 2.8 % of the best possible (over candidate pairs)", id="bounded"),
        pytest.param(3.6, 3.6, "the best possible (over candidate pairs).", id="proved best"),
        pytest.param(3.5, None, "was not proved tonight", id="no bound"),
    ],
)
def test_the_objective_claims_no_more_than_was_proved(value: float, bound: float | None, words: str) -> None:
    """'The best possible' is said only beside the pairs over which it holds."""
    objective = Objective(value=value, upper_bound=bound, bound_scope="candidate pairs", stranger_chance=1 / 3000)

    assert words in objective_in_words(objective)


@pytest.mark.parametrize(
    ("value", "n_blocking", "words"),
    [
        pytest.param(1.994, 4, "within 0.3 % of the best possible (over candidate pairs); 4 pairs would", id="near"),
        pytest.param(2.0, 0, "are the best possible (over candidate pairs); no pair would", id="best and stable"),
    ],
)
def test_the_introductions_are_judged_in_one_line(value: float, n_blocking: int, words: str) -> None:
    """How near to the best, and whether anybody would rather have had somebody else."""
    matching = Matching(value=value, upper_bound=2.0, bound_scope="candidate pairs", n_blocking_pairs=n_blocking)

    assert words in matching_in_words(matching)


def test_a_night_without_introductions_does_not_praise_them() -> None:
    """Nothing is not the best possible."""
    assert "The introductions are within" in written(a_night())
    assert "The introductions are" not in written(an_empty_night())


def test_a_small_night_still_has_points() -> None:
    """Chances are small: three of them are not '0.00 points'."""
    objective = Objective(value=0.0042, upper_bound=0.00421, bound_scope="all pairs", stranger_chance=1 / 3000)

    assert "reach 0.0042 points" in objective_in_words(objective)


@pytest.mark.parametrize(("stranger_chance", "odds"), [(1 / 2932, "1 in 2,900"), (1 / 80, "1 in 80")])
def test_the_reader_is_told_the_chance_of_strangers_tonight(stranger_chance: float, odds: str) -> None:
    """Of the weights in force, not of those shipped; and what was not learned from history is called so."""
    night = a_night()
    plan = replace(night.plan, objective=replace(night.plan.objective, stranger_chance=stranger_chance))

    text = text_of(replace(night, plan=plan))

    assert f"For two about whom nothing is known it is about {odds}:" in text
    assert "Living near each other is added by hand: it raises the number up to three times" in text


def test_a_figure_that_is_not_a_number_is_unknown() -> None:
    """A share of nothing is no reason to lose the night's report."""
    night = a_night()
    odd = Figure(section="plan", name="mean_share", value=float("nan"), meaning="share of nothing")

    html = report_html(night.plan, night.community, night.places, night.facts, figures=(odd,))

    assert "unknown" in html
