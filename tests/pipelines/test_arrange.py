"""`matcher arrange`: the optimizer alone, as somebody uses it who has no community."""

import json
import os
import shlex
import subprocess
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from matcher.arrangement.arrange import Arrangement
from matcher.errors import AuditError
from pipelines import arrange, tell_arrange
from pipelines.arrange import ArrangedGroup, ArrangeDone, ArrangeOrder, run_arrange
from tests.pipelines.conftest import matcher

INSTANCES = Path(os.environ.get("MATCHER_DATA", "../shared/data")) / "mdgplib"
NUMBER_OR_NULL = {"type": ["number", "null"]}
NAMES = {"type": "array", "items": {"type": "string"}}
KEYS: dict[str, dict[str, Any]] = {
    "objective": {"enum": ["mean", "sum"]},
    "sizes": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "groups": {"type": "array", "items": NAMES},
    "unplaced": NAMES,
    "value": {"type": "number"},
    "upper_bound": NUMBER_OR_NULL,
    "gap": NUMBER_OR_NULL,
    "bound_scope": {"enum": ["all pairs", "candidate pairs"]},
    "seconds": {"type": "number", "minimum": 0},
    "seed": {"type": "integer"},
}
ANSWER = {"type": "object", "properties": KEYS, "required": list(KEYS), "additionalProperties": False}
"""The contract, key for key."""

Weights = dict[frozenset[str], float]


def a_table(path: Path, n_members: int = 13, seed: int = 1) -> Weights:
    """Write a table of random weights on two pairs of three; some are below 0."""
    rng = np.random.default_rng(seed)
    names = [f"m{i}" for i in range(n_members)]
    weights = {frozenset(pair): float(rng.normal(0.5)) for pair in combinations(names, 2) if rng.random() < 2 / 3}
    lines = [f"{','.join(sorted(pair))},{weight!r}\n" for pair, weight in weights.items()]
    path.write_text("a,b,weight\n" + "".join(lines))
    return weights


def worth(weights: Weights, groups: list[list[str]], *, is_mean: bool) -> float:
    """The value by the words of the contract."""
    sums = [sum(weights.get(frozenset(pair), 0.0) for pair in combinations(group, 2)) for group in groups]
    return sum(2 / (len(group) - 1) * one if is_mean else one for one, group in zip(sums, groups, strict=True))


def asked(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(matcher("arrange", *arguments, "--json").stdout)
    jsonschema.validate(answer, ANSWER)
    return answer


@pytest.mark.parametrize(
    ("arguments", "sizes", "objective"),
    [
        pytest.param([], [4, 6], "mean", id="as-it-comes"),
        pytest.param(
            ["--sizes", "3-4", "--objective", "sum", "--time-limit", "30", "--seed", "7"], [3, 4], "sum", id="said"
        ),
        pytest.param(["--sizes", "5"], [5, 5], "mean", id="one-size"),
        pytest.param(["--sizes", "2-3", "--everyone"], [2, 3], "mean", id="everyone"),
    ],
)
def test_the_answer_is_what_the_contract_says(
    arguments: list[str], sizes: list[int], objective: str, tmp_path: Path
) -> None:
    """Everyone once, sizes kept, and a value that anybody can count from the file."""
    weights = a_table(tmp_path / "pairs.csv")

    answer = asked(str(tmp_path / "pairs.csv"), *arguments)

    assert (answer["sizes"], answer["objective"]) == (sizes, objective)
    assert answer["seed"] == (7 if "--seed" in arguments else 1)
    everyone = [*(name for group in answer["groups"] for name in group), *answer["unplaced"]]
    assert sorted(everyone) == sorted(f"m{i}" for i in range(13))
    assert {len(group) for group in answer["groups"]} <= set(range(sizes[0], sizes[1] + 1))
    assert answer["groups"]
    if "--everyone" in arguments:
        assert answer["unplaced"] == []
    assert answer["value"] == pytest.approx(worth(weights, answer["groups"], is_mean=objective == "mean"), abs=1e-9)
    if answer["upper_bound"] is None:
        assert answer["gap"] is None
    else:
        assert answer["gap"] == pytest.approx((answer["upper_bound"] - answer["value"]) / answer["upper_bound"])
        assert answer["upper_bound"] >= answer["value"]


def test_rows_in_another_order_give_the_same_answer(tmp_path: Path) -> None:
    """And pairs the other way round; only the seconds differ."""
    path, turned = tmp_path / "pairs.csv", tmp_path / "turned.csv"
    a_table(path)
    header, *rows = path.read_text().splitlines()
    swapped = [",".join([row.split(",")[1], row.split(",")[0], row.split(",")[2]]) for row in reversed(rows)]
    turned.write_text("\n".join([header, *swapped]))

    one, other = asked(str(path)), asked(str(turned))

    assert {**one, "seconds": 0} == {**other, "seconds": 0}


def test_an_mdgplib_file_brings_its_sizes(tmp_path: Path) -> None:
    """Then everyone is placed, the objective is `sum`, and group i has the i-th size of the file."""
    path = tmp_path / "instance.txt"
    rng = np.random.default_rng(1)
    weights = {frozenset((str(i), str(j))): float(rng.integers(0, 100)) for i, j in combinations(range(9), 2)}
    rows = [" ".join([*sorted(pair), f"{weight:g}"]) for pair, weight in weights.items()]
    path.write_text("\n".join(["9 3 ds 2 2 4 5 2 3 ", *rows]))

    answer = asked(str(path))

    assert (answer["objective"], answer["sizes"], answer["unplaced"]) == ("sum", [2, 5], [])
    assert len(answer["groups"]) == 3
    bounds = [(2, 2), (4, 5), (2, 3)]
    assert all(low <= len(group) <= high for group, (low, high) in zip(answer["groups"], bounds, strict=True))
    assert answer["value"] == worth(weights, answer["groups"], is_mean=False)


def test_a_published_instance_is_arranged() -> None:
    """One of the library's own, with a short time limit."""
    path = INSTANCES / "RanInt_n120_ds_01.txt"
    if not path.is_file():
        pytest.skip(f"no instance at {path}: set MATCHER_DATA to the folder that holds mdgplib/")

    answer = asked(str(path), "--time-limit", "1")

    assert (len(answer["groups"]), answer["objective"], answer["unplaced"]) == (10, "sum", [])
    assert sorted(int(name) for group in answer["groups"] for name in group) == list(range(120))


def test_people_read_groups_best_first(tmp_path: Path) -> None:
    """With the value of each, who is left, what was proved, and what it took."""
    path = tmp_path / "pairs.csv"
    path.write_text("a,b,weight\nana,ben,1\ncleo,dan,3\nana,cleo,-9\nana,dan,-9\nben,cleo,-9\nben,dan,-9\neve,ana,-9\n")

    said = matcher("arrange", str(path), "--sizes", "2").stdout.splitlines()

    assert said[0] == "2 groups with 4 of 5 members:"
    assert said[1].split(maxsplit=1) == ["6.0000", "cleo, dan"]
    assert said[2].split(maxsplit=1) == ["2.0000", "ana, ben"]
    assert said[3] == "Unplaced: eve"
    assert said[4].startswith("Value 8.0000 (mean): ")
    assert said[5].endswith("; seed 1.")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["{pairs}", "--sizes", "6-4"], "--sizes is 6-4; needs 2 or more, the smaller first", id="turned"),
        pytest.param(["{pairs}", "--sizes", "1-4"], "--sizes is 1-4; needs 2 or more", id="groups-of-one"),
        pytest.param(["{pairs}", "--sizes", "few"], "--sizes is 'few'; needs", id="no-sizes"),
        pytest.param(
            ["{pairs}", "--sizes", "8-9"], "names too few members for one group; found 7; needs 8", id="too-few"
        ),
        pytest.param(
            ["{pairs}", "--sizes", "5", "--everyone"],
            "7 members cannot all sit in groups of 5; found --everyone; give --sizes 3-5, or",
            id="nobody-out",
        ),
        pytest.param(["{pairs}", "--time-limit", "0"], "--time-limit is 0; needs seconds above 0", id="no-time"),
        pytest.param(["{pairs}", "--time-limit", "nan"], "--time-limit is nan", id="no-number"),
        pytest.param(["{pairs}", "--objective", "median"], "median", id="no-such-objective"),
        pytest.param(["{pairs}", "--seed", "-1"], "seed", id="negative-seed"),
        pytest.param(
            ["{instance}", "--sizes", "2-3"], "brings its own group sizes; found --sizes 2-3", id="sizes-twice"
        ),
        pytest.param(["{wrong}"], "wrong.csv:3: the weight is not a number", id="bad-row"),
        pytest.param(["missing.csv"], "missing.csv is missing", id="missing"),
    ],
)
def test_bad_usage_and_bad_input_exit_with_two(arguments: list[str], message: str, tmp_path: Path) -> None:
    """Saying what to do, with nothing on standard output and never a traceback."""
    files = {name: str(tmp_path / f"{name}.csv") for name in ("pairs", "instance", "wrong")}
    a_table(Path(files["pairs"]), n_members=7)
    Path(files["instance"]).write_text("4 2 ss 2 2 2 2\n0 1 5\n")
    Path(files["wrong"]).write_text("a,b,weight\n1,2,3\n1,3,lots\n")

    done = matcher("arrange", *(argument.format(**files) for argument in arguments), "--json", check=False)

    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_the_example_of_the_readme_works(tmp_path: Path) -> None:
    """Two lines to type, by somebody who has no community at all."""
    readme = (Path(arrange.__file__).parents[1] / "README.md").read_text(encoding="utf-8").splitlines()
    make, call = (next(line for line in readme if line.startswith(word)) for word in ("printf 'a,b", "matcher arrange"))
    subprocess.run(["sh", "-c", make], check=True, cwd=tmp_path)
    arguments = shlex.split(call, comments=True)[1:]

    said = matcher(*(str(tmp_path / one) if one.endswith(".csv") else one for one in arguments)).stdout

    assert said.startswith("2 groups with 6 of 7 members:")
    assert "Unplaced: gil" in said


def test_help_has_an_example() -> None:
    """And every option of the contract."""
    said = matcher("arrange", "--help").stdout

    assert "Example: matcher arrange pairs.csv" in said
    assert all(
        option in said for option in ("--sizes", "--objective", "--time-limit", "--seed", "--everyone", "--json")
    )
    assert "--workspace" in said


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param({"value": 99.0}, "the groups are worth 8.0, not 99.0", id="boasts"),
        pytest.param({"upper_bound": 7.5}, "the bound 7.5 is below the value 8.0", id="false-bound"),
        pytest.param({"groups": ((0, 1), (2, 3), (3, 4)), "unplaced": ()}, "in two places", id="sits-twice"),
        pytest.param({"groups": ((0, 1, 4), (2, 3)), "unplaced": ()}, "3 members instead of 2 to 2", id="large"),
    ],
)
def test_an_optimizer_that_errs_is_found_out(
    spoil: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The value is counted anew from the file, and the groups are checked: nothing false is printed."""
    path = tmp_path / "pairs.csv"
    path.write_text("a,b,weight\nana,ben,1\ncleo,dan,3\nana,eve,-9\n")
    right = {"groups": ((0, 1), (2, 3)), "unplaced": (4,), "value": 8.0, "upper_bound": None}

    def err(*_: object, **__: object) -> Arrangement:
        return Arrangement(**{**right, **spoil}, bound_scope="all pairs", was_cut_short=False)

    monkeypatch.setattr(arrange, "arrange", err)

    with pytest.raises(AuditError, match=message):
        run_arrange(ArrangeOrder(path=path, sizes=(2, 2)))


def a_result(upper_bound: float | None, *, value: float = 10.0, was_cut_short: bool = False) -> ArrangeDone:
    return ArrangeDone(
        objective="mean",
        sizes=(2, 2),
        groups=(ArrangedGroup(members=("ana", "b\x1b[31men\u202e"), value=value),),
        unplaced=(),
        value=value,
        upper_bound=upper_bound,
        bound_scope="all pairs",
        was_cut_short=was_cut_short,
        seconds=1.25,
        seed=1,
    )


@pytest.mark.parametrize(
    ("done", "said"),
    [
        pytest.param(a_result(None), "Value 10.0000 (mean): no bound was proved.", id="no-bound"),
        pytest.param(a_result(10.0), "the best possible, proved over all pairs.", id="optimal"),
        pytest.param(a_result(10.05), "within 0.50 % of the best possible; no legal grouping is worth more", id="gap"),
        pytest.param(a_result(10.00001), "within 0.01 % of the best possible", id="never-rounded-to-nothing"),
        pytest.param(a_result(-1.0, value=-2.0), "no legal grouping is worth more than -1.0000", id="below-zero"),
        pytest.param(a_result(None, was_cut_short=True), "ended by the time limit; seed 1.", id="cut-short"),
    ],
)
def test_what_was_proved_is_said_and_no_more(done: ArrangeDone, said: str) -> None:
    """Gaps are rounded up, "no bound" is never "optimal", and no name can steer the terminal."""
    lines = "\n".join(tell_arrange.arrangement(done))

    assert said in lines
    assert lines.replace("\n", "").isprintable()
