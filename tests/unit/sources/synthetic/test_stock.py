"""The stock of phrases can be written out whatever the dice say."""

import re
from itertools import chain

import pytest

from matcher.sources.synthetic.phrasing import fill
from matcher.sources.synthetic.scenes import ANSWER_MARK
from matcher.sources.synthetic.stock import Interest, Subject, load_stock

STOCK = load_stock()
ANYWHERE = {"you": "Ada", "city": "Leeds", "craft": "knitting", "outing": "a walk"}
LEFTOVER = re.compile(r"[\[\]{}|]|=>|  ")


def lines_of(subject: Subject) -> list[str]:
    """Every line, with all of a choice's options in a row."""
    lines = chain(subject.open, subject.answer, subject.follow, subject.aside, subject.report)
    return [re.sub(r"[\[\]|]", " ", line) for line in lines]


@pytest.mark.parametrize("interest", [*STOCK.interests, STOCK.life], ids=lambda interest: interest.channel)
def test_every_line_finds_its_details(interest: Interest) -> None:
    """A line that names a detail its subject lacks would stop the demo for some seeds only."""
    for subject in interest.subjects:
        details = ANYWHERE | {name: values[0] for name, values in subject.slots.items()}
        for line in lines_of(subject):
            written = fill(line, details)

            assert "{" not in written, line


@pytest.mark.parametrize("interest", [*STOCK.interests, STOCK.life], ids=lambda interest: interest.channel)
def test_choices_are_closed_and_follow_ups_are_answered(interest: Interest) -> None:
    """A stray bracket would be read by people; a follow-up without an answer would stop a thread."""
    for subject in interest.subjects:
        for line in chain(subject.open, subject.answer, subject.follow, subject.aside, subject.report):
            assert not LEFTOVER.search(re.sub(r"\[[^\[\]]*\]|\{\w+\}", "x", line).replace(ANSWER_MARK, " ")), line
        assert all(line.count(ANSWER_MARK) == 1 for line in subject.follow)


def test_there_is_enough_to_talk_about() -> None:
    """Twelve interests, each with subjects enough that friends need not repeat themselves."""
    n_subjects = [len(interest.subjects) for interest in STOCK.interests]

    assert len(STOCK.interests) >= 12
    assert min(n_subjects) >= 4
    assert all(any(subject.is_question for subject in interest.subjects) for interest in STOCK.interests)
