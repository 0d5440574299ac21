"""The export can be read by anything, and the table source reads it back as it was."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

from matcher.sources.synthetic import AS_OF, SyntheticCommunity, write_export
from matcher.sources.table import TableOptions, read_tables

FILES = ("members.csv", "messages.jsonl", "blocks.csv")


def test_the_table_source_reads_it_back(commons: SyntheticCommunity, tmp_path: Path) -> None:
    """The demo's community and a real export take the same road."""
    write_export(commons, tmp_path)

    imported = read_tables([tmp_path / name for name in FILES], TableOptions(), now=AS_OF)

    assert imported.members.frame.equals(commons.members.frame)
    assert imported.messages.frame.equals(commons.messages.frame)
    assert imported.blocks.frame.equals(commons.blocks.frame)


def test_plain_readers_find_every_row(commons: SyntheticCommunity, tmp_path: Path) -> None:
    """Hostile names and words are quoted so that the standard library gets them whole."""
    write_export(commons, tmp_path)

    with (tmp_path / "members.csv").open(encoding="utf-8", newline="") as table:
        members = list(csv.DictReader(table))
    lines = (tmp_path / "messages.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    messages = [json.loads(line) for line in lines]

    assert [row["member_id"] for row in members] == commons.members.frame["member"].to_list()
    assert [row["id"] for row in messages] == commons.messages.frame["message"].to_list()
    assert datetime.fromisoformat(messages[0]["sent_at"]) == commons.messages.frame["sent_at"][0]
    assert any("\u202e" in row["display_name"] and "<script>" in row["display_name"] for row in members)
    assert any(row["text"].startswith("=HYPERLINK(") for row in messages)


def test_the_truths_lie_beside_it_and_say_that_it_is_made_up(commons: SyntheticCommunity, tmp_path: Path) -> None:
    """Whoever finds the folder must not take it for real people."""
    write_export(commons, tmp_path)

    truths = json.loads((tmp_path / "truths.json").read_text(encoding="utf-8"))

    assert "synthetic" in truths["notice"]
    assert truths["circles"] == [list(circle) for circle in commons.truths.circles]


def test_writing_twice_gives_the_same_bytes(commons: SyntheticCommunity, tmp_path: Path) -> None:
    """So that a second import of the same export changes nothing."""
    for folder in ("first", "second"):
        write_export(commons, tmp_path / folder)

    for name in (*FILES, "truths.json"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_dates_carry_their_zone(commons: SyntheticCommunity, tmp_path: Path) -> None:
    """A date without a zone means another instant on another machine."""
    write_export(commons, tmp_path)

    first = json.loads((tmp_path / "messages.jsonl").read_text(encoding="utf-8").split("\n", 1)[0])

    assert datetime.fromisoformat(first["sent_at"]).tzinfo == UTC
