"""What a Stack Exchange dump becomes, and the exact outcome of every kind of bad one."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from matcher.errors import SettingsError, SourceError
from matcher.sources.imported import Imported
from matcher.sources.quarantine import (
    AUTHOR_DELETED,
    BAD_AUTHOR,
    BAD_DATE,
    BAD_ID,
    DUPLICATE,
    FUTURE_DATE,
    MALFORMED,
    NOT_A_MESSAGE,
    NOT_A_PERSON,
    NOTHING_WRITTEN,
    REPLY_TO_NOTHING,
    REPLY_TO_SELF,
    TOO_LONG,
    UNKNOWN_AUTHOR,
    Fault,
)
from matcher.sources.stackexchange import NOTICE, StackExchangeOptions, read_stackexchange

NOW = datetime(2024, 6, 1, tzinfo=UTC)
DATA = Path(os.environ.get("MATCHER_DATA", Path(__file__).parents[4] / "shared" / "data"))
BEER = DATA / "stackexchange" / "beer"


def row(**attributes: str) -> str:
    """One row of a dump."""
    return "  <row " + " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items()) + " />"


def user(number: str, name: str) -> str:
    """A user."""
    return row(Id=number, DisplayName=name)


def post(number: str, author: str, *, parent: str = "", minute: int = 0, **others: str) -> str:
    """A question, or an answer to one."""
    of_kind = {"PostTypeId": "2", "ParentId": parent} if parent else {"PostTypeId": "1", "Title": "Why?"}
    written = {"OwnerUserId": author, "CreationDate": f"2024-05-01T10:{minute:02}:00.000", "Body": "<p>Some words</p>"}
    return row(**{"Id": number, **of_kind, **written, **others})


def comment(number: str, under: str, author: str, text: str, *, minute: int = 30) -> str:
    """A comment."""
    date = f"2024-05-01T10:{minute:02}:00.000"
    return row(Id=number, PostId=under, Text=text, CreationDate=date, UserId=author)


def write_dump(folder: Path, **rows: Sequence[str]) -> Path:
    """Write the four files of a dump; what is not given holds two users, a question and an answer."""
    usual = {
        "users": [user("7", "Ann Lee"), user("8", "Bo")],
        "posts": [post("1", "7", Tags="<hops><ale>"), post("2", "8", parent="1", minute=5)],
        "comments": [],
        "tags": [row(Id="1", TagName="hops")],
    }
    site = folder / "beer"
    site.mkdir()
    for name, lines in {**usual, **rows}.items():
        text = "\n".join(['<?xml version="1.0" encoding="utf-8"?>', f"<{name}>", *lines, f"</{name}>"])
        (site / f"{name.capitalize()}.xml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    return site


def read(site: Path, site_url: str = "") -> Imported:
    """Read a dump."""
    return read_stackexchange(site, StackExchangeOptions(site_url=site_url), now=NOW)


def replies(imported: Imported) -> Mapping[str, str | None]:
    """What each message answers."""
    return dict(imported.messages.frame.select("message", "reply_to").iter_rows())


def counted(*faults: Fault) -> dict[tuple[str, str], int]:
    """Each of these faults once."""
    return {(fault.action, fault.reason): 1 for fault in faults}


def test_a_small_site_is_read_whole(tmp_path: Path) -> None:
    """A question opens a thread; its answers and comments share its tags."""
    ann = row(Id="7", DisplayName="Ann Lee", Location="Graz", AboutMe="<p>I <b>brew</b></p>")
    site = write_dump(
        tmp_path, users=[ann, user("8", "Bo"), user("-1", "Community")], comments=[comment("5", "2", "7", "Thank you")]
    )

    imported = read(site, "https://beer.example/")

    assert imported.members.frame.rows() == [
        ("u7", "Ann Lee", "I brew", [], "Graz", None, None, None, True, [], []),
        ("u8", "Bo", "", [], "", None, None, None, True, [], []),
    ]
    assert imported.messages.frame.drop("sent_at", "topics", "channel").rows() == [
        ("c5", "u7", "p1", True, "p2", [], "Thank you", 0, "https://beer.example/q/1#comment5_2"),
        ("p1", "u7", "p1", True, None, [], "Why? Some words", 0, "https://beer.example/q/1"),
        ("p2", "u8", "p1", True, "p1", [], "Some words", 0, "https://beer.example/a/2"),
    ]
    assert imported.messages.frame["topics"].to_list() == [["hops", "ale"]] * 3
    assert imported.messages.frame["channel"].unique().to_list() == ["beer"]
    assert imported.quarantine.counts == counted(NOT_A_PERSON)
    assert imported.notice == NOTICE


@pytest.mark.parametrize(
    ("tags", "topics"),
    [
        pytest.param("<hops><ale>", ["hops", "ale"], id="old"),
        pytest.param("|hops|ale|", ["hops", "ale"], id="new"),
        pytest.param("<untagged>", [], id="none"),
    ],
)
def test_tags_are_read_in_both_ways_of_writing(tmp_path: Path, tags: str, topics: list[str]) -> None:
    """The dump changed its way in 2024."""
    imported = read(write_dump(tmp_path, posts=[post("1", "7", Tags=tags)]))

    assert imported.messages.frame["topics"].to_list() == [topics]


@pytest.mark.parametrize(
    ("text", "answers", "mentions"),
    [
        pytest.param("Thanks", "p2", [], id="nobody named"),
        pytest.param("@AnnLee thanks", "c5", ["u7"], id="a name without spaces"),
        pytest.param("thanks @annlee!", "c5", ["u7"], id="in any case, with a stop"),
        pytest.param("@ann's idea", "c5", ["u7"], id="cut short, in the genitive"),
        pytest.param("@ann-lee thanks", "c5", ["u7"], id="with a hyphen"),
        pytest.param("@An thanks", "p2", [], id="cut too short"),
        pytest.param("@Bo thanks", "p2", ["u8"], id="a short name in full"),
        pytest.param("@Dora hm", "p2", ["u10"], id="who only wrote elsewhere in the thread"),
        pytest.param("@Emil hm", "p2", [], id="who wrote only later"),
        pytest.param("@Carl hm", "p2", [], id="oneself"),
        pytest.param("write to bo@annlee.example", "p2", [], id="a mail address"),
        pytest.param("@AnnLee and @Bo", "c5", ["u7", "u8"], id="two people"),
        pytest.param("`@AnnLee`", None, [], id="only in code"),
    ],
)
def test_a_comment_answers_whom_it_names(tmp_path: Path, text: str, answers: str | None, mentions: list[str]) -> None:
    """As the site does: by the beginning of a name, among those who wrote earlier, the latest first."""
    people = [user("7", "Ann Lee"), user("8", "Bo"), user("9", "Carl"), user("10", "Dora"), user("11", "Emil")]
    said = [
        comment("4", "2", "7", "first", minute=10),
        comment("5", "2", "7", "second", minute=11),
        comment("6", "1", "10", "elsewhere", minute=12),
        comment("7", "2", "9", text, minute=20),
        comment("8", "2", "11", "later", minute=21),
    ]

    imported = read(write_dump(tmp_path, users=people, comments=said))

    answer = imported.messages.frame.filter(pl.col("message") == "c7")
    expected = [] if answers is None else [(answers, mentions)]
    assert answer.select("reply_to", "mentions").rows() == expected


@pytest.mark.parametrize(
    ("line", "faults", "n_kept"),
    [
        pytest.param('  <row Id="3" PostTypeId="1" Bo', [MALFORMED], 2, id="half a row"),
        pytest.param('  <row Id="3" Body="&bomb;" PostTypeId="1" />', [MALFORMED], 2, id="an unknown entity"),
        pytest.param('<!DOCTYPE r [<!ENTITY a "b">]><row Id="&a;" />', [MALFORMED], 2, id="declaring an entity"),
        pytest.param(row(Id="3", Body="x"), [MALFORMED], 2, id="a missing attribute"),
        pytest.param(post("1", "8"), [DUPLICATE], 2, id="an id used before"),
        pytest.param(post("x", "7"), [BAD_ID], 2, id="an id that is no number"),
        pytest.param(post("", "7"), [BAD_ID], 2, id="an empty id"),
        pytest.param(post("3", "seven"), [BAD_AUTHOR], 2, id="an author that is no number"),
        pytest.param(post("3", "99"), [UNKNOWN_AUTHOR], 2, id="an author who is not among the users"),
        pytest.param(post("3", "7", CreationDate="long ago"), [BAD_DATE], 2, id="a date that is none"),
        pytest.param(post("3", "7", CreationDate="2031-01-01T00:00:00.000"), [FUTURE_DATE], 2, id="the future"),
        pytest.param(post("3", "7", Body="ha " * 3_400_000), [TOO_LONG], 2, id="10 megabytes"),
        pytest.param(post("3", "7", Title="", Body="<pre>x</pre>"), [NOTHING_WRITTEN], 2, id="nothing but code"),
        pytest.param(post("3", "7", parent="99"), [REPLY_TO_NOTHING], 3, id="an answer to nothing"),
        pytest.param(post("3", "7", parent="3"), [REPLY_TO_SELF], 3, id="an answer to itself"),
        pytest.param(post("3", "7", PostTypeId="5"), [NOT_A_MESSAGE], 2, id="a wiki page"),
        pytest.param(post("3", "-1"), [NOT_A_PERSON], 2, id="by the site itself"),
        pytest.param(post("3", "7", Body="a&#x0;b\u202e"), [], 3, id="control characters"),
        pytest.param(post("3", "7").replace("Some", "So&#x1;me"), [MALFORMED], 2, id="a control XML forbids"),
        pytest.param("", [], 2, id="an empty line"),
    ],
)
def test_one_bad_post_has_one_outcome(tmp_path: Path, line: str, faults: list[Fault], n_kept: int) -> None:
    """The row is refused, mended or skipped, counted once, and costs no other row."""
    usual = [post("1", "7"), post("2", "8", parent="1")]

    imported = read(write_dump(tmp_path, posts=[*usual, line]))

    assert imported.quarantine.counts == counted(*faults)
    assert len(imported.messages) == n_kept
    assert imported.quarantine.frame.select("file", "line").rows() == [("Posts.xml", 5)] * len(faults)


@pytest.mark.parametrize(
    ("line", "faults", "places"),
    [
        pytest.param(user("7", "Again"), [DUPLICATE], [""], id="an id used before"),
        pytest.param(user("me", "Me"), [BAD_ID], [""], id="an id that is no number"),
        pytest.param(
            row(Id="9", Location="The Matrix \u202e\u200b"), [], ["", "The Matrix"], id="a place that is a joke"
        ),
        pytest.param(row(DisplayName="Nobody"), [MALFORMED], [""], id="no id at all"),
    ],
)
def test_one_bad_user_has_one_outcome(tmp_path: Path, line: str, faults: list[Fault], places: list[str]) -> None:
    """What is a joke is for the gazetteer to say."""
    imported = read(write_dump(tmp_path, users=[user("7", "Ann Lee"), line], posts=[]))

    assert imported.quarantine.counts == counted(*faults)
    assert imported.members.frame["place_text"].to_list() == places


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, " is missing; found no such file; check the path, or export it again", id="missing"),
        pytest.param(b"", " is empty; found 0 bytes; export it again", id="empty"),
        pytest.param(
            "<posts>\n</posts>".encode("utf-16"),
            ":1: not UTF-8; found byte 0xff; save or export the file as UTF-8",
            id="utf-16",
        ),
        pytest.param(
            "<posts>\n<row Id='ü'/>\n</posts>".encode("latin-1"),
            ":2: not UTF-8; found byte 0xfc; save or export the file as UTF-8",
            id="another encoding",
        ),
        pytest.param(
            b'<posts>\n  <row Id="1" PostTypeId="1" Body="the e',
            ":2: cut off; found no </posts> at the end; download or unpack it again",
            id="cut off",
        ),
        pytest.param(
            b"<html>\n</html>",
            ":1: not a dump of posts; found another beginning; needs <posts> before the first row",
            id="another file",
        ),
        pytest.param(
            b'<?xml version="1.0"?>\n<!DOCTYPE posts [<!ENTITY a "aaaa">]>\n<posts>\n</posts>',
            ":2: not a dump of posts; found another beginning; needs <posts> before the first row",
            id="a document type",
        ),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_import(tmp_path: Path, content: bytes | None, message: str) -> None:
    """The error says what, where and what to do."""
    site = write_dump(tmp_path)
    path = site / "Posts.xml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SourceError) as refused:
        read(site)

    assert str(refused.value) == f"{path}{message}"


@pytest.mark.parametrize("file", ["Users.xml", "Posts.xml", "Comments.xml", "Tags.xml"])
def test_every_file_of_the_dump_is_needed(tmp_path: Path, file: str) -> None:
    """Half a dump is no community."""
    site = write_dump(tmp_path)
    (site / file).unlink()

    with pytest.raises(SourceError, match=f"{file} is missing"):
        read(site)


def test_a_deleted_author_is_skipped_and_the_thread_goes_on(tmp_path: Path) -> None:
    """Their words are gone for us; who answered them still shares a thread, and nothing needs mending."""
    orphan = row(Id="1", PostTypeId="1", CreationDate="2024-05-01T09:00:00.000", Body="x", Tags="<ale>")

    imported = read(
        write_dump(tmp_path, posts=[orphan, post("2", "8", parent="1")], comments=[comment("5", "1", "7", "hm")])
    )

    assert imported.quarantine.counts == counted(AUTHOR_DELETED)
    assert replies(imported) == {"c5": None, "p2": None}
    assert imported.messages.frame.select("thread", "topics").rows() == [("p1", ["ale"])] * 2


def test_a_comment_under_no_post_is_mended(tmp_path: Path) -> None:
    """It keeps its words and loses its link."""
    imported = read(write_dump(tmp_path, comments=[comment("5", "99", "7", "hello?")]))

    assert imported.quarantine.counts == counted(REPLY_TO_NOTHING)
    assert replies(imported)["c5"] is None


def test_a_quarantine_repeats_no_members_words(tmp_path: Path) -> None:
    """The file that operators mail around holds places and reasons only."""
    word = "Xylophon"
    bad = [
        f'<row Body="{word}"',
        post(word, "7"),
        post("3", word, Body=word),
        post("4", "7", CreationDate=word),
    ]

    imported = read(write_dump(tmp_path, posts=bad))

    assert len(imported.quarantine) == 4
    assert word not in imported.quarantine.frame.write_csv()


def test_a_site_needs_a_web_address() -> None:
    """What goes into a link of the report is checked first."""
    with pytest.raises(
        SettingsError, match=r"^site_url is not an address; found 'javascript:1'; needs one that begins"
    ):
        StackExchangeOptions(site_url="javascript:1")


@pytest.mark.skipif(not BEER.is_dir(), reason=f"no real dump in {BEER}; set MATCHER_DATA")
def test_a_real_site_is_read_twice_alike_and_holds_together() -> None:
    """The counts are those of the dump; every link leads somewhere, and nothing is refused or mended."""
    first, second = read(BEER), read(BEER)

    said = first.messages.frame
    ids = said["message"].implode()
    answering = said.filter(pl.col("message").str.starts_with("c") & (pl.col("mentions").list.len() > 0))
    assert (len(first.members), len(said)) == (3_947, 3_802)
    assert first.quarantine.counts == {
        ("skipped", AUTHOR_DELETED.reason): 47,
        ("skipped", NOT_A_PERSON.reason): 1,
        ("skipped", NOT_A_MESSAGE.reason): 117,
    }
    assert said["reply_to"].drop_nulls().is_in(ids).all()
    assert said["author"].is_in(first.members.frame["member"].implode()).all()
    assert answering.height > 200
    assert not said["text"].str.contains("[<]p>|&quot;").any()
    assert_frame_equal(first.members.frame, second.members.frame)
    assert_frame_equal(said, second.messages.frame)
    assert_frame_equal(first.quarantine.frame, second.quarantine.frame)
