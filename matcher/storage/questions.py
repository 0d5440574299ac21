"""The question that a night leaves in its run's folder for the organizers' desk, as one file of plain arrays."""

import json
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from matcher.arrangement.desk import Area, DeskQuestion
from matcher.arrangement.pools import pool_of_pairs
from matcher.errors import InputError
from matcher.numeric.pool import Pool

QUESTION_FILE = "tables/question.npz"
"""Where it is in the folder of a run."""

SCHEMA = "matcher.question/1"

ARRAYS = ("bonus", "reach", "slots", "holds", "town_starts", "towns", "km", "clans", "clan_sizes")
"""Arrays of the pool that are stored as they are; pairs are stored once each."""

NUMBERS = ("sizes", "is_sum", "floors", "km_cost", "worst_share")


def question_bytes(question: DeskQuestion) -> bytes:
    """Write a question as a compressed file; the same question always as the same bytes."""
    pool, facts = question.pool, BytesIO()
    about = {
        "schema": SCHEMA,
        "members": question.members,
        "towns": question.towns,
        "groups": [question.rows(group).tolist() for group in question.groups],
        "stranger_chance": question.stranger_chance,
        "upper_bound": question.upper_bound,
        **{name: getattr(pool, name) for name in NUMBERS},
    }
    owners = np.repeat(np.arange(len(question.members)), np.diff(pool.starts))
    once = owners < pool.partners
    weights, mutuals = pool.weights[once], pool.mutuals[once]
    differs = np.flatnonzero(weights != mutuals)
    np.savez_compressed(
        facts,
        about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), np.uint8),
        pairs=np.column_stack([owners[once], pool.partners[once]]).astype(np.int32),
        mutuals=mutuals,
        differs=differs,
        differing_weights=weights[differs],
        **{name: getattr(pool, name) for name in ARRAYS},
    )
    return facts.getvalue()


def read_question(run: Path) -> DeskQuestion:
    """Read the question of a run, given its folder.

    Raises:
        InputError: The run left none, another version left it, or it is damaged.
    """
    path = run / QUESTION_FILE
    if not path.exists():
        raise InputError(
            f"the run {run.name} left no question for the desk; found no {QUESTION_FILE}; "
            "an older version planned it: start a new one with matcher run"
        )
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            arrays = dict(stored)
        about = json.loads(arrays["about"].tobytes())
        if about["schema"] == SCHEMA:
            return _question(about, arrays)
    except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as damage:
        raise InputError(
            f"{path} cannot be read; found {type(damage).__name__}; start a new run with matcher run"
        ) from damage
    raise InputError(
        f"{path} is of another version; found {about['schema']!r}, needs {SCHEMA!r}; start a new run with matcher run"
    )


def _question(about: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> DeskQuestion:
    members, weights = tuple(about["members"]), arrays["mutuals"].copy()
    lengths = {len(arrays["bonus"]), len(arrays["reach"]), len(arrays["slots"]), len(arrays["town_starts"]) - 1}
    if lengths != {len(members)}:
        raise ValueError(f"{len(members)} members, and arrays of {sorted(lengths)}")
    weights[arrays["differs"]] = arrays["differing_weights"]
    pool = pool_of_pairs(
        len(members),
        arrays["pairs"].astype(np.int64),
        weights,
        sizes=tuple(about["sizes"]),
        is_sum=about["is_sum"],
        mutuals=arrays["mutuals"],
    )
    floors = tuple(about["floors"])
    pool = pool._replace(floors=floors, km_cost=about["km_cost"], worst_share=about["worst_share"])
    return DeskQuestion(
        pool=Pool(**{**pool._asdict(), **{name: arrays[name] for name in ARRAYS}}),
        members=members,
        towns=tuple(Area(*town) for town in about["towns"]),
        groups=tuple(tuple(members[row] for row in group) for group in about["groups"]),
        stranger_chance=about["stranger_chance"],
        upper_bound=about["upper_bound"],
    )
