"""Tables of pair weights: sloppy files are understood, wrong ones refused with file, line and remedy."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import SourceError
from matcher.sources.pair_weights import read_pair_weights
from matcher.tables.pair_weights import PairWeights

WEIGHED = {("ben", "m2"): 0.5, ("m2", "m10"): -3.0}


def written(folder: Path, content: bytes, name: str = "pairs.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def as_dict(pairs: PairWeights) -> dict[tuple[str, str], float]:
    return {
        (pairs.names[first], pairs.names[second]): weight
        for (first, second), weight in zip(pairs.edges.tolist(), pairs.weights.tolist(), strict=True)
    }


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a,b,weight\nben,m2,0.5\nm2,m10,-3\n", id="plain"),
        pytest.param(b"a,b,weight\nm10,m2,-3\nm2,ben,0.5\n", id="other-order"),
        pytest.param(b"\xef\xbb\xbfa,b,weight\r\nben,m2,0.5\r\nm2,m10,-3\r\n", id="spreadsheet"),
        pytest.param(b"A;B;Weight\nben;m2;0.5\nm2;m10;-3", id="semicolons"),
        pytest.param(b"weight\tnote\tb\ta\n.5\t\tm2\tben\n-3e0\tx\tm10\tm2\n", id="tabs-and-more-columns"),
        pytest.param(b'"a", b, weight\n"ben", m2 , 0.5\n"m2","m10","-3"\n', id="quotes-and-spaces"),
        pytest.param(b"a,b,weight\n\nben,m2,0.5\n\nm2,m10,-3\n\n", id="empty-lines"),
    ],
)
@pytest.mark.parametrize("name", ["pairs.csv", "pairs.txt", "pairs"])
def test_tables_as_people_write_them_are_one_table(content: bytes, name: str, tmp_path: Path) -> None:
    """Names in natural order, m2 before m10: the answer must not hang on how a file is sorted."""
    pairs = read_pair_weights(written(tmp_path, content, name))

    assert pairs.names == ("ben", "m2", "m10")
    assert as_dict(pairs) == WEIGHED
    assert pairs.sizes is None


@pytest.mark.parametrize(
    "dtype", [pl.String(), pl.Categorical(), pl.Enum(["ben", "m2", "m10"])], ids=["text", "categories", "enum"]
)
def test_parquet_is_told_by_its_content(dtype: pl.DataType, tmp_path: Path) -> None:
    """Whatever it is called."""
    path = tmp_path / "pairs.data"
    frame = pl.DataFrame({"weight": [0.5, -3.0], "a": ["m2", "m2"], "b": ["ben", "m10"]})
    frame.with_columns(pl.col("a", "b").cast(dtype)).write_parquet(path)

    pairs = read_pair_weights(path)

    assert as_dict(pairs) == WEIGHED


def test_whole_numbers_are_names(tmp_path: Path) -> None:
    """And a number that a spreadsheet turned into 7.0 is 7 again."""
    parquet = tmp_path / "pairs.parquet"
    pl.DataFrame({"a": [7, 10], "b": [10, 9], "weight": [1, 2]}).write_parquet(parquet)
    csv = written(tmp_path, b"a,b,weight\n7.0,10,1\n10,9,2\n")

    pairs = read_pair_weights(parquet)

    assert pairs.names == ("7", "9", "10")
    assert as_dict(read_pair_weights(csv)) == as_dict(pairs) == {("7", "10"): 1.0, ("9", "10"): 2.0}


@given(weights=st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=8))
def test_a_weight_is_read_to_the_last_bit(weights: list[float], tmp_path_factory: pytest.TempPathFactory) -> None:
    """From both kinds of file."""
    folder = tmp_path_factory.mktemp("bits")
    frame = pl.DataFrame({"a": ["hub"] * len(weights), "b": [f"m{i}" for i in range(len(weights))], "weight": weights})
    frame.write_parquet(folder / "pairs.parquet")
    lines = [f"hub,m{i},{weight!r}\n" for i, weight in enumerate(weights)]
    written(folder, "".join(["a,b,weight\n", *lines]).encode())

    read = [read_pair_weights(folder / name).weights.tolist() for name in ("pairs.csv", "pairs.parquet")]

    assert read == [weights, weights]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", " is empty", id="empty"),
        pytest.param(b"a,b,weight\n", " names no pair", id="header-alone"),
        pytest.param(b"ana,ben,0.5\n", ":1: not one column 'a'; found 0", id="no-header"),
        pytest.param(b"a,b,score\n1,2,3\n", ":1: not one column 'weight'", id="no-weight"),
        pytest.param(b"a,a,b,weight\n1,2,3,4\n", ":1: not one column 'a'; found 2", id="column-twice"),
        pytest.param(b"a,b,weight\r1,2,3\r", ":1: the header cannot be read", id="old-line-ends"),
        pytest.param(b"a,b,weight\n1,2,3\n1,3\n", ":3: the row cannot be read", id="too-few-fields"),
        pytest.param(b"a,b,weight\n1,2,3\n\n1,3,4,5\n", ":4: the row cannot be read", id="too-many-fields"),
        pytest.param(b'a,b,weight\n1,2,3\n1,"3,4\n', ":3: cut off", id="quote-left-open"),
        pytest.param(b"a,b,weight\n1,2,3\n1,\xff,4\n", ":3: not UTF-8", id="not-utf8"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", ":1: not UTF-8", id="a-picture"),
        pytest.param(b"PAR1 and then nothing", " cannot be read as Parquet", id="cut-off-parquet"),
        pytest.param(b"a,b,weight\n1,2,3\n\n1,3,much\n", ":4: the weight is not a number", id="words"),
        pytest.param(b"a,b,weight\n1,2,nan\n1,3,nan\n", ":2: the weight is not a number and 1 more like it", id="nan"),
        pytest.param(b"a,b,weight\n1,2,-inf\n", ":2: the weight is infinite", id="infinite"),
        pytest.param(b"a,b,weight\n1,2,1e400\n", ":2: the weight is infinite", id="overflow"),
        pytest.param(b"a,b,weight\n1,2,\n", ":2: the weight is missing", id="no-number"),
        pytest.param(b'a,b,weight\n1,2,"0,5"\n', ":2: the weight is not a number", id="decimal-comma"),
        pytest.param(b"a,b,weight\n1,2,3\n , 2,3\n", ":3: a is no name", id="empty-name"),
        pytest.param(b"a,b,weight\n1,\x1b[31mred,3\n", ":2: b is no name", id="colours"),
        pytest.param(b'a,b,weight\n1,2,3\n1,"3\n4",5\nx,\x00,1\n', ":3: b is no name", id="lines-in-a-name"),
        pytest.param(b"a,b,weight\n1,2,3\n2,2,1\n", ":3: pairs a member with themselves", id="alone"),
        pytest.param(b"a,b,weight\n1,2,3\n4,5,6\n2,1,3\n", ":4: names a pair that line 2 names", id="both-ways"),
        pytest.param(b"a,b,weight\n1,2,3\n\n1,2,4\n1,2,5\n", ":4: names a pair that line 2 names", id="twice"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(content: bytes, message: str, tmp_path: Path) -> None:
    """File, line where there is one, what is wrong; after the last semicolon what to do."""
    path = written(tmp_path, content)

    with pytest.raises(SourceError) as refused:
        read_pair_weights(path)

    assert str(refused.value).startswith(f"{path}{message}")
    assert str(refused.value).count(";") >= 1
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        pytest.param({"a": [1, 1], "b": [2, 2], "weight": [1.0, 2.0]}, ", row 2: names a pair that row 1", id="twice"),
        pytest.param({"a": [1, 2], "b": [2, 2], "weight": [1.0, 2.0]}, ", row 2: pairs a member", id="alone"),
        pytest.param({"a": [1, None], "b": [2, 2], "weight": [1.0, 2.0]}, ", row 2: a is no name", id="no-name"),
        pytest.param({"a": [1], "b": [2], "weight": [float("nan")]}, ", row 1: the weight is not a number", id="nan"),
        pytest.param(
            {"a": [1.5], "b": [2], "weight": [1.0]}, ": column a cannot be used; found Float64", id="fractions"
        ),
        pytest.param({"a": [1], "b": [2], "weight": [True]}, ": column weight cannot be used", id="yes-and-no"),
        pytest.param({"a": [1], "c": [2], "weight": [1.0]}, ":1: not one column 'b'", id="no-column"),
        pytest.param({"a": [], "b": [], "weight": []}, ": column a cannot be used; found Null", id="of-no-type"),
    ],
)
def test_parquet_is_refused_by_its_rows(columns: dict[str, list[object]], message: str, tmp_path: Path) -> None:
    """It has no lines."""
    path = tmp_path / "pairs.parquet"
    pl.DataFrame(columns).write_parquet(path)

    with pytest.raises(SourceError) as refused:
        read_pair_weights(path)

    assert str(refused.value).startswith(f"{path}{message}")


@pytest.mark.parametrize("name", ["nowhere.csv", "nowhere.parquet"])
def test_a_missing_file_is_refused(name: str, tmp_path: Path) -> None:
    """Of either kind, in the same words."""
    with pytest.raises(SourceError, match="is missing; found no such file; check the path"):
        read_pair_weights(tmp_path / name)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """And so is a device, which might never end."""
    for path in (tmp_path, Path("/dev/null")):
        with pytest.raises(SourceError, match="is no file"):
            read_pair_weights(path)


def test_the_fast_reader_and_the_patient_one_agree(tmp_path: Path) -> None:
    """An empty line at the end sends a file to the patient one, and changes nothing."""
    rng = np.random.default_rng(1)
    lines = [f"m{i},m{j},{rng.normal()}\n" for i in range(30) for j in range(i)]
    fast = written(tmp_path, "".join(["a,b,weight\n", *lines]).encode(), "fast.csv")
    patient = written(tmp_path, "".join(["a,b,weight\n", *lines, "\n"]).encode(), "patient.csv")

    one, other = read_pair_weights(fast), read_pair_weights(patient)

    assert one.names == other.names
    assert as_dict(one) == as_dict(other)
    assert len(one.weights) == 435
