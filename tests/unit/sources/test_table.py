"""What a table export becomes, and the exact outcome of every kind of bad one."""

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from matcher.errors import SettingsError, SourceError
from matcher.sources.imported import Imported
from matcher.sources.quarantine import (
    BAD_AUTHOR,
    BAD_COORDINATES,
    BAD_DATE,
    BAD_ID,
    BAD_REACH,
    BAD_URL,
    DUPLICATE,
    FUTURE_DATE,
    MALFORMED,
    NOTHING_WRITTEN,
    REPLY_TO_NOTHING,
    REPLY_TO_SELF,
    SELF_BLOCK,
    TOO_LONG,
    UNCLEAR_CONSENT,
    UNCLEAR_OPENNESS,
    UNKNOWN_AUTHOR,
    Fault,
)
from matcher.sources.table import NOBODY_ASKED, NOT_QUOTED, TableOptions, read_tables

NOW = datetime(2024, 6, 1, tzinfo=UTC)
MEMBERS = "id,name,city,lat,lon,reach_km,opted_in,interests\n"
MESSAGES = "id,author,ts,channel,thread,reply_to,text\n"
ANNA = "anna,Anna,Graz,47.1,15.4,50,yes,hops;maps\n"
HELLO = "m1,anna,2024-05-01T10:00:00Z,beer,first,,Hello all\n"


def read(folder: Path, files: Mapping[str, str | bytes], options: TableOptions | None = None) -> Imported:
    """Write these files and read them."""
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_tables([folder / name for name in files], options or TableOptions(), now=NOW)


def counted(*faults: Fault) -> dict[tuple[str, str], int]:
    """Each of these faults once."""
    return {(fault.action, fault.reason): 1 for fault in faults}


def test_a_small_community_is_read_whole(tmp_path: Path) -> None:
    """Every field finds its column by its usual spelling."""
    imported = read(
        tmp_path,
        {
            "members.csv": MEMBERS + ANNA + "ben,,,,,,no,\n",
            "messages.csv": MESSAGES + HELLO + "m2,ben,1714557660,beer,first,m1,see https://x.example\n",
            "blocks.csv": "member,blocked\nben,anna\nben,anna\n",
        },
    )

    assert imported.members.frame.rows() == [
        ("anna", "Anna", "", ["hops", "maps"], "Graz", 47.1, 15.4, 50.0, True, [], []),
        ("ben", "ben", "", [], "", None, None, None, False, [], []),
    ]
    assert imported.messages.frame.drop("sent_at", "text").rows() == [
        ("m1", "anna", "beer/first", "beer", False, None, [], ["beer"], 0, ""),
        ("m2", "ben", "beer/first", "beer", False, "m1", [], ["beer"], 1, ""),
    ]
    assert imported.messages.frame["sent_at"].to_list() == [
        datetime(2024, 5, 1, 10, 0, tzinfo=UTC),
        datetime(2024, 5, 1, 10, 1, tzinfo=UTC),
    ]
    assert imported.blocks.frame.rows() == [("ben", "anna")]
    assert imported.quarantine.counts == counted(DUPLICATE)
    assert imported.notice == NOT_QUOTED


@pytest.mark.parametrize(
    ("row", "faults", "n_kept"),
    [
        pytest.param("m2,anna,2024-05-02,beer", [MALFORMED], 1, id="fewer fields than the header"),
        pytest.param("m2,anna,2024-05-02,beer,t,,one,two", [MALFORMED], 1, id="more fields than the header"),
        pytest.param('m2,anna,2024-05-02,beer,t,,"one"two', [MALFORMED], 1, id="wrong quotes"),
        pytest.param(HELLO.strip(), [DUPLICATE], 1, id="the same row twice"),
        pytest.param("m1,anna,2024-05-03,beer,t,,Another", [DUPLICATE], 1, id="another row with the same id"),
        pytest.param(",anna,2024-05-02,beer,t,,hi", [BAD_ID], 1, id="no id"),
        pytest.param("m\x072,anna,2024-05-02,beer,t,,hi", [BAD_ID], 1, id="control character in an id"),
        pytest.param(f"{'m' * 201},anna,2024-05-02,beer,t,,hi", [BAD_ID], 1, id="an id as long as a letter"),
        pytest.param("m2,,2024-05-02,beer,t,,hi", [BAD_AUTHOR], 1, id="no author"),
        pytest.param("m2,carl,2024-05-02,beer,t,,hi", [UNKNOWN_AUTHOR], 1, id="an author who is no member"),
        pytest.param("m2,anna,soon,beer,t,,hi", [BAD_DATE], 1, id="a date that is none"),
        pytest.param("m2,anna,2031-05-02,beer,t,,hi", [FUTURE_DATE], 1, id="a date in the future"),
        pytest.param("m2,anna,2024-06-01T20:00Z,beer,t,,hi", [], 2, id="another time zone's evening"),
        pytest.param(f"m2,anna,2024-05-02,beer,t,,{'ha ' * 3_400_000}", [TOO_LONG], 1, id="10 megabytes"),
        pytest.param("m2,anna,2024-05-02,beer,t,,", [NOTHING_WRITTEN], 1, id="no text"),
        pytest.param("m2,anna,2024-05-02,beer,t,,\u200b\x00 \x01", [NOTHING_WRITTEN], 1, id="nothing but controls"),
        pytest.param("m2,anna,2024-05-02,beer,t,,he\x00llo\x1b", [], 2, id="control characters in a text"),
        pytest.param("m2,anna,2024-05-02,beer,t,m99,hi", [REPLY_TO_NOTHING], 2, id="a reply to nothing"),
        pytest.param("m2,anna,2024-05-02,beer,t,m2,hi", [REPLY_TO_SELF], 2, id="a reply to itself"),
        pytest.param("m2,anna,2024-05-02,beer,t,m1.0,hi", [REPLY_TO_NOTHING], 2, id="only numbers lose their .0"),
        pytest.param("", [], 1, id="an empty line"),
    ],
)
def test_one_bad_message_has_one_outcome(tmp_path: Path, row: str, faults: list[Fault], n_kept: int) -> None:
    """The row is refused or mended, counted once, and costs no other row."""
    imported = read(tmp_path, {"members.csv": MEMBERS + ANNA, "messages.csv": MESSAGES + HELLO + row + "\n"})

    assert imported.quarantine.counts == counted(*faults)
    assert len(imported.messages) == n_kept
    assert imported.quarantine.frame.select("file", "line").rows() == [("messages.csv", 3)] * len(faults)


@pytest.mark.parametrize(
    ("row", "faults", "kept"),
    [
        pytest.param("bo,Bo", [MALFORMED], None, id="fewer fields than the header"),
        pytest.param(",Bo,,,,,yes,", [BAD_ID], None, id="no id"),
        pytest.param("anna,Ann,,,,,yes,", [DUPLICATE], None, id="listed twice"),
        pytest.param("bo,Bo,,91,15,,yes,", [BAD_COORDINATES], (None, None, None, True), id="north of the pole"),
        pytest.param("bo,Bo,,48,,,yes,", [BAD_COORDINATES], (None, None, None, True), id="half a coordinate"),
        pytest.param("bo,Bo,,up,there,,yes,", [BAD_COORDINATES], (None, None, None, True), id="coordinates in words"),
        pytest.param("bo,Bo,,nan,inf,,yes,", [BAD_COORDINATES], (None, None, None, True), id="no finite coordinates"),
        pytest.param("bo,Bo,,,,-5,yes,", [BAD_REACH], (None, None, None, True), id="a negative reach"),
        pytest.param("bo,Bo,,,,far,yes,", [BAD_REACH], (None, None, None, True), id="a reach in words"),
        pytest.param("bo,Bo,,48,15,9,perhaps,", [UNCLEAR_CONSENT], (48.0, 15.0, 9.0, False), id="half a consent"),
        pytest.param("bo,Bo,,48,15,9,,", [], (48.0, 15.0, 9.0, False), id="an empty consent is a no"),
        pytest.param("bo,Bo,Middle-earth,,,,yes,", [], (None, None, None, True), id="a location that is a joke"),
    ],
)
def test_one_bad_member_has_one_outcome(
    tmp_path: Path, row: str, faults: list[Fault], kept: tuple[float | bool | None, ...] | None
) -> None:
    """What can be mended is; consent is never guessed."""
    imported = read(tmp_path, {"members.csv": MEMBERS + ANNA + row + "\n"})

    others = imported.members.frame.filter(pl.col("member") != "anna")
    assert imported.quarantine.counts == counted(*faults)
    assert others.select("lat", "lon", "reach_km", "is_opted_in").rows() == ([] if kept is None else [kept])


def test_who_once_said_no_is_out(tmp_path: Path) -> None:
    """A member listed twice, yes first and no later, did not agree."""
    imported = read(tmp_path, {"members.csv": "id,opted_in\nanna,yes\nanna,no\n"})

    assert imported.members.frame.select("member", "is_opted_in").rows() == [("anna", False)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("messages.csv", "", "{} is empty; found 0 bytes; export it again", id="empty"),
        pytest.param(
            "messages.csv",
            "\n",
            "{}:1: no header; found an empty line; begin with the names of the columns",
            id="no header",
        ),
        pytest.param(
            "messages.csv",
            (MESSAGES + "m1,anna,2024-05-01,beer,t,,Grüß Gott\n").encode("latin-1"),
            "{}:2: not UTF-8; found byte 0xfc; save or export the file as UTF-8",
            id="another encoding",
        ),
        pytest.param(
            "messages.csv",
            (MESSAGES + HELLO).encode("utf-16"),
            "{}:1: not UTF-8; found byte 0xff; save or export the file as UTF-8",
            id="utf-16",
        ),
        pytest.param(
            "messages.csv",
            MESSAGES + HELLO + 'm2,anna,2024-05-02,beer,t,,"And then\nshe said\n',
            "{}:3: cut off; found the end of the file inside a quoted field; export it again, or close the quote",
            id="cut off inside a quote",
        ),
        pytest.param(
            "messages.csv",
            "id,author,text\nm1,anna,hi\n",
            "{}:1: no column holds 'sent_at' of the messages; found 3 columns, of which these are understood: author, "
            "message, text; call it 'sent_at', name it in the settings, or check whether the header is missing",
            id="a missing column",
        ),
        pytest.param(
            "messages.csv",
            HELLO,
            "{}:1: no column holds 'message' of the messages; found 7 columns, of which these are understood: none; "
            "call it 'message', name it in the settings, or check whether the header is missing",
            id="a missing header names no member",
        ),
        pytest.param(
            "export.csv",
            "a,b\n1,2\n",
            "{} holds neither members nor messages nor blocks; found 2 columns, and none of the roles has all it "
            "needs; name the file members, messages or blocks, or name its columns in the settings",
            id="no role",
        ),
        pytest.param(
            "messages.parquet",
            b"PAR1 and then nothing",
            "{} cannot be read as Parquet; found a file that is empty, cut off or of another kind; export it again",
            id="cut-off parquet",
        ),
        pytest.param(
            "messages.xlsx",
            b"PK",
            "{} is of no known kind; found '.xlsx'; give one of .csv, .tsv, .jsonl, .ndjson, .parquet",
            id="another kind",
        ),
        pytest.param(
            "blocks.csv",
            "member,blocked\nanna,ben\nanna,\nben\n",
            "{}:3: a block cannot be read; found 2 such rows; repair them: without them people might meet who must not",
            id="a block that would get lost",
        ),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_import(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    """The error says what, where and what to do, and repeats no member's words."""
    with pytest.raises(SourceError) as refused:
        read(tmp_path, {name: content})

    assert str(refused.value) == message.format(tmp_path / name)


@pytest.mark.parametrize("name", ["messages.csv", "messages.jsonl", "messages.parquet"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """Whatever kind it should have been."""
    with pytest.raises(SourceError) as refused:
        read_tables([tmp_path / name], TableOptions(), now=NOW)

    assert str(refused.value) == f"{tmp_path / name} is missing; found no such file; check the path, or export it again"


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        pytest.param('{"id": "m2", "author": "an', [MALFORMED], id="broken"),
        pytest.param("[1, 2]", [MALFORMED], id="no object"),
        pytest.param("[" * 200_000, [MALFORMED], id="too deep"),
        pytest.param('{"id": {"no": 2}, "author": "anna", "ts": 1714557660, "text": "x"}', [BAD_ID], id="id no id"),
        pytest.param('{"id": "m2", "ts": 1714557660, "text": "x"}', [BAD_AUTHOR], id="a field left out"),
        pytest.param('{"id": 2, "author": "anna", "ts": 1e400, "text": "x"}', [BAD_DATE], id="a date beyond number"),
        pytest.param('{"id": 2, "author": "anna", "ts": "2024-05-02", "text": "\\ud800 x"}', [], id="half a character"),
    ],
)
def test_one_bad_line_of_json_has_one_outcome(tmp_path: Path, row: str, faults: list[Fault]) -> None:
    """A line that ends in the middle costs that line."""
    good = {"id": 1, "author": "anna", "ts": 1714557600, "text": "Hello", "mentions": ["ben", "carl"]}

    imported = read(tmp_path, {"messages.jsonl": json.dumps(good) + "\n" + row + "\n"})

    assert imported.quarantine.counts == counted(*faults)
    assert imported.messages.frame.filter(pl.col("message") == "1")["mentions"].to_list() == [["ben", "carl"]]


@pytest.mark.parametrize(
    ("column", "value", "faults"),
    [
        pytest.param("url", "javascript:alert(1)", [BAD_URL], id="an address that runs"),
        pytest.param("url", "https://chat.example/1", [], id="an address"),
        pytest.param("is_public", "true", [], id="public"),
        pytest.param("is_public", "kind of", [UNCLEAR_OPENNESS], id="openness in words"),
        pytest.param("is_private", "0", [], id="not private"),
    ],
)
def test_addresses_and_openness_are_read_with_care(
    tmp_path: Path, column: str, value: str, faults: list[Fault]
) -> None:
    """Only a web address becomes a link; only a clear yes makes a message public."""
    imported = read(tmp_path, {"messages.csv": f"id,author,ts,text,{column}\nm1,anna,2024-05-01,hi,{value}\n"})

    assert imported.quarantine.counts == counted(*faults)
    assert imported.messages.frame["is_public"].to_list() == [column != "url" and not faults]
    assert imported.messages.frame["url"].to_list() == [value if column == "url" and not faults else ""]


def test_without_a_member_list_writers_are_members_and_the_notice_says_so(tmp_path: Path) -> None:
    """Whoever reads a plan must know that nobody was asked."""
    imported = read(tmp_path, {"messages.csv": MESSAGES + HELLO}, TableOptions(is_public_when_unsaid=True))

    assert imported.members.frame.rows() == [("anna", "anna", "", [], "", None, None, None, True, [], [])]
    assert imported.messages.frame["is_public"].to_list() == [True]
    assert imported.notice == NOBODY_ASKED


def test_a_self_block_is_refused(tmp_path: Path) -> None:
    """It would bar a member from every group."""
    imported = read(tmp_path, {"blocks.csv": "member,blocked\nanna,anna\nanna,ben\n"})

    assert imported.blocks.frame.rows() == [("anna", "ben")]
    assert imported.quarantine.counts == counted(SELF_BLOCK)


def test_a_reply_to_a_refused_message_quietly_answers_nothing(tmp_path: Path) -> None:
    """The refused row already says why; a second finding would only be noise."""
    lost = "m2,anna,never,beer,t,,lost\n"

    imported = read(tmp_path, {"messages.csv": MESSAGES + lost + "m3,anna,2024-05-02,beer,t,m2,hi\n"})

    assert imported.quarantine.counts == counted(BAD_DATE)
    assert imported.messages.frame["reply_to"].to_list() == [None]


def test_a_quote_over_many_lines_keeps_the_line_numbers_right(tmp_path: Path) -> None:
    """The operator looks at the line we name."""
    rows = 'm1,anna,2024-05-01,beer,t,,"one\ntwo\nthree"\nm2,anna,never,beer,t,,hi\n'

    imported = read(tmp_path, {"messages.csv": MESSAGES + rows})

    assert imported.messages.frame["text"].to_list() == ["one two three"]
    assert imported.quarantine.frame.select("line", "reason").rows() == [(5, BAD_DATE.reason)]


def test_columns_can_be_named_in_the_settings(tmp_path: Path) -> None:
    """A named column wins over a guess, and several may feed the mentions."""
    options = TableOptions(message_columns={"author": "Wer", "mentions": "an,zitiert", "topics": "Thema"})
    content = "id;author;Wer;ts;text;an;zitiert;Thema\nm1;bot;anna;2024-05-01;hi;@ben carl;carl,dora;a|b\n"

    imported = read(tmp_path, {"messages.csv": content}, options)

    row = imported.messages.frame.select("author", "mentions", "topics").row(0)
    assert row == ("anna", ["@ben", "carl", "dora"], ["a", "b"])


def test_a_field_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A typo in the settings must not silently become a guess."""
    with pytest.raises(SettingsError) as refused:
        read(tmp_path, {"blocks.csv": "member,blocked\n"}, TableOptions(block_columns={"memer": "x"}))

    assert str(refused.value) == (
        "'memer' is not a field of blocks; known here: blocked, member; name one of these in the settings"
    )


def test_a_named_column_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A wrong name in the settings is said, not guessed around."""
    with pytest.raises(SourceError) as refused:
        read(tmp_path, {"members.csv": MEMBERS + ANNA}, TableOptions(member_columns={"member": "No"}))

    assert str(refused.value) == (
        f"{tmp_path / 'members.csv'}:1: no column 'No', which the settings name for 'member'; found 8 others; "
        "correct the settings, or check whether the header is missing"
    )


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """A quarantine that says 'messages.csv' must mean one file."""
    paths = [tmp_path / "a" / "messages.csv", tmp_path / "b" / "messages.csv"]

    with pytest.raises(SourceError, match=r"^two files have one name; found .*; rename one of them$"):
        read_tables(paths, TableOptions(), now=NOW)


def test_nothing_given_is_an_error() -> None:
    """An empty pattern in a shell script must not import an empty community."""
    with pytest.raises(SourceError, match=r"^no file was given; found nothing to read; "):
        read_tables([], TableOptions(), now=NOW)


def test_every_format_says_the_same(tmp_path: Path) -> None:
    """Types of Parquet and lists of JSON are the same community as the words of a CSV file."""
    at = datetime(2024, 5, 1, 10, 30, tzinfo=UTC)
    frame = pl.DataFrame(
        {"id": [1, 2], "author": ["a", "b"], "ts": [at, at], "text": ["x", "y"], "mentions": [["b", "c"], []]}
    )
    frame.write_parquet(tmp_path / "messages.parquet")
    as_text = frame.with_columns(pl.col("ts").dt.to_string("%FT%TZ"))
    as_text.write_ndjson(tmp_path / "messages.jsonl")
    as_text.with_columns(pl.col("mentions").list.join(" ")).write_csv(tmp_path / "messages.csv")

    read_back = [
        read_tables([tmp_path / f"messages.{ending}"], TableOptions(), now=NOW).messages.frame
        for ending in ("csv", "jsonl", "parquet")
    ]

    assert read_back[0]["mentions"].to_list() == [["b", "c"], []]
    assert_frame_equal(read_back[0], read_back[1])
    assert_frame_equal(read_back[0], read_back[2])


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    """A shell may list them in any order; the tables are equal to the last row."""
    (tmp_path / "members.csv").write_text(MEMBERS + ANNA)
    (tmp_path / "messages-1.csv").write_text(MESSAGES + HELLO)
    (tmp_path / "messages-2.csv").write_text(MESSAGES + HELLO.replace("all", "again"))
    paths = sorted(tmp_path.iterdir())

    one, other = (read_tables(order, TableOptions(), now=NOW) for order in (paths, paths[::-1]))

    assert one.quarantine.frame["file"].to_list() == ["messages-2.csv"]
    assert_frame_equal(one.messages.frame, other.messages.frame)
    assert_frame_equal(one.quarantine.frame, other.quarantine.frame)


def test_a_quarantine_repeats_no_members_words(tmp_path: Path) -> None:
    """The file that operators mail around holds places and reasons only."""
    word = "Xylophon"
    rows = f"{word},{word},{word},{word},{word},{word},{word}\n{word}\n"

    imported = read(tmp_path, {"messages.csv": MESSAGES + rows})

    assert len(imported.quarantine) == 2
    assert word not in imported.quarantine.frame.write_csv()


def test_a_chat_export_is_known_by_its_columns(tmp_path: Path) -> None:
    """A thread lives in its channel, its title is no topic, and who is quoted is addressed."""
    content = (
        "msg_id,ts,stream,topic,sender,mentions,quotes,n_chars,text\n"
        "9,1717156800,general,welcome,2052,7 28,28 31,2,hi\n"
        "10,1717156801,maths,welcome,31,,,2,ho\n"
    )

    imported = read(tmp_path, {"chat.csv": content})

    assert imported.messages.frame.select("message", "author", "thread", "topics", "mentions").rows() == [
        ("10", "31", "maths/welcome", ["maths"], []),
        ("9", "2052", "general/welcome", ["general"], ["7", "28", "31"]),
    ]


def test_a_table_with_our_own_names_is_read_as_it_stands(tmp_path: Path) -> None:
    """'message' is an id where there is a text beside it, and the text where there is an id."""
    ours = "message,author,sent_at,text\nm1,anna,2024-05-01,hi\n"
    theirs = "id,user,date,message\nm2,ben,2024-05-01,ho\n"

    imported = read(tmp_path, {"messages-1.csv": ours, "messages-2.csv": theirs})

    assert imported.messages.frame.select("message", "author", "text").rows() == [
        ("m1", "anna", "hi"),
        ("m2", "ben", "ho"),
    ]


@given(texts=st.lists(st.text(st.characters(codec="utf-8")), max_size=6), is_reversed=st.booleans())
def test_any_text_comes_through_in_any_order_of_rows(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], *, is_reversed: bool
) -> None:
    """No text breaks the row beside it: each is kept or refused, and the order of rows says nothing."""
    folder = tmp_path_factory.mktemp("export")
    rows = [[f"m{number}", "anna", "2024-05-01", text] for number, text in enumerate(texts)]
    for name, lines in (("messages", rows), ("again", rows[::-1] if is_reversed else rows)):
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["id", "author", "ts", "text"], *lines])

    one, other = (read_tables([folder / f"{name}.csv"], TableOptions(), now=NOW) for name in ("messages", "again"))

    assert len(one.messages) + len(one.quarantine) == len(texts)
    assert_frame_equal(one.messages.frame, other.messages.frame)


def test_languages_and_times_are_read_in_one_spelling(tmp_path: Path) -> None:
    """Two who spell the same language in two ways must not be kept apart for it."""
    members = "id,opted_in,Languages,available\nanna,yes, English ;GERMAN;english,Sat-AM\nben,yes,,sun-pm;sat-am\n"

    imported = read(tmp_path, {"members.csv": members, "messages.csv": MESSAGES + HELLO})

    assert imported.members.frame.select("member", "languages", "availability").rows() == [
        ("anna", ["english", "german"], ["sat-am"]),
        ("ben", [], ["sat-am", "sun-pm"]),
    ]
