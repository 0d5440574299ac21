"""The question that a night leaves for the desk."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.changes import Area, DeskQuestion
from matcher.errors import InputError
from matcher.storage.questions import QUESTION_FILE, question_bytes, read_question
from matcher.units import MemberId
from tests.unit.arrangement.desks import ids, random_question

HOSTILE = ("\0", "a\0", "<b>", '"quoted"', "{{7*7}}", "näh\u202e", "🂡", "../../etc")


def left(folder: Path, content: bytes) -> Path:
    """A run that holds just this."""
    path = folder / "run" / QUESTION_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return folder / "run"


def with_about(content: bytes, **changes: object) -> bytes:
    """The same file with other facts."""
    with np.load(io.BytesIO(content)) as stored:
        arrays = dict(stored)
    about = json.loads(arrays["about"].tobytes()) | changes
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    changed = io.BytesIO()
    np.savez_compressed(changed, **arrays)
    return changed.getvalue()


def is_same(one: DeskQuestion, other: DeskQuestion) -> bool:
    """To the bit, types and all."""
    pools = [[(str(np.asarray(part).dtype), np.asarray(part).tolist()) for part in each.pool] for each in (one, other)]
    return pools[0] == pools[1] and (one.members, one.towns, one.groups, one.stranger_chance, one.upper_bound) == (
        other.members, other.towns, other.groups, other.stranger_chance, other.upper_bound,
    )  # fmt: skip


@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_read_is_what_was_left(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Every number to the bit, and the same bytes again."""
    question = replace(random_question(seed), groups=(ids("bcd"), ids("ef")), upper_bound=0.1 + 0.2)

    content = question_bytes(question)
    read = read_question(left(tmp_path_factory.mktemp("runs"), content))

    assert is_same(read, question)
    assert question_bytes(read) == content


def test_ids_and_names_are_kept_whatever_they_are(tmp_path: Path) -> None:
    """Members and venues name themselves."""
    members = tuple(sorted(map(MemberId, HOSTILE)))
    question = replace(random_question(1), members=members, groups=(members[2:5],))
    question = replace(question, towns=tuple(Area(name, 1.5, -2.25, "") for name in HOSTILE))

    read = read_question(left(tmp_path, question_bytes(question)))

    assert is_same(read, question)


def test_a_run_without_a_question_says_what_to_do(tmp_path: Path) -> None:
    """Runs of older versions have none."""
    with pytest.raises(InputError, match="matcher run"):
        read_question(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda content: content[: len(content) // 2], id="cut"),
        pytest.param(lambda content: content[:200] + b"\xff" * 9 + content[209:], id="flipped"),
        pytest.param(lambda _: b"PK\x03\x04 and nothing", id="no-zip"),
        pytest.param(lambda _: b"\x80\x04K\x01.", id="pickle"),
        pytest.param(lambda _: b"\x93NUMPY\x01\x00", id="array"),
        pytest.param(lambda content: with_about(content, schema="matcher.question/0"), id="older"),
        pytest.param(lambda content: with_about(content, sizes=None), id="odd"),
        pytest.param(lambda content: with_about(content, members=["a"]), id="misfit"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_remedy(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Never half a question."""
    content = question_bytes(random_question(2))

    with pytest.raises(InputError, match="matcher run"):
        read_question(left(tmp_path, damage(content)))


def test_nothing_pickled_is_ever_loaded(tmp_path: Path) -> None:
    """A file that somebody put there must not run code."""
    trap = io.BytesIO()
    np.savez_compressed(trap, about=np.array([{"schema": "matcher.question/1"}], dtype=object))

    with pytest.raises(InputError, match="ValueError"):
        read_question(left(tmp_path, trap.getvalue()))
