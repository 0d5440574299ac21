"""Rows of a Stack Exchange dump to rows that can be settled: users, posts and comments."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import polars as pl

from matcher.sources.html_text import words_of_comment, words_of_html
from matcher.sources.quarantine import MALFORMED, finding
from matcher.sources.stackexchange_xml import read_rows
from matcher.sources.values import instants
from matcher.tables.community import Members, Messages

Attributes: TypeAlias = Mapping[str, str]
Row: TypeAlias = "dict[str, str | int | bool | list[str] | None]"

QUESTION, ANSWER, COMMENT = "1", "2", "comment"
COMMUNITY = "u-1"
"""The account in whose name the site itself acts."""
UNTAGGED = "untagged"
"""What the site calls a question without tags."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Dump:
    """One site's folder, and what its files say of each other.

    Attributes:
        folder: Where the files are; its name is the site's.
        site_url: Where the site is, without a slash at the end, or empty.
        findings: Rows that could not be read.
        thread_of: The question of every post seen.
        tags_of: The tags of every question seen.
    """

    folder: Path
    site_url: str
    findings: list[pl.DataFrame] = field(default_factory=list)
    thread_of: dict[str, str] = field(default_factory=dict)
    tags_of: dict[str, list[str]] = field(default_factory=dict)

    def rows(self, file: str, *needed: str) -> Iterator[tuple[int, Attributes]]:
        """Read the rows of one file that can be read, and note the others."""
        malformed = []
        for line, row in read_rows(self.folder / file, needed=needed):
            if row is None:
                malformed.append(line)
            else:
                yield line, row
        self.findings.append(finding(file, MALFORMED, malformed))


def user_rows(dump: Dump) -> pl.DataFrame:
    """Read users: the columns of Members, file and line."""
    rows: list[Row] = [
        {
            "file": "Users.xml",
            "line": line,
            "member": _id("u", user["Id"]),
            "name": user.get("DisplayName"),
            "about": words_of_html(user.get("AboutMe", "")).text,
            "interests": [],
            "place_text": user.get("Location"),
            "is_opted_in": True,
        }
        for line, user in dump.rows("Users.xml", "Id")
    ]
    return pl.DataFrame(rows, schema={"file": pl.String(), "line": pl.UInt32(), **Members.schema()})


def message_rows(dump: Dump) -> pl.DataFrame:
    """Read posts and comments: the columns of Messages, file, line, `kind` and `post`.

    `kind` is QUESTION, ANSWER, COMMENT or what else the site stores among its posts. `post` is the post
    that a message is or stands under. The author is null where they deleted their account.
    """
    posts = [_post_row(dump, line, post) for line, post in dump.rows("Posts.xml", "Id", "PostTypeId")]
    comments = [_comment_row(dump, line, comment) for line, comment in dump.rows("Comments.xml", "Id", "PostId")]
    schema = {
        "file": pl.String(),
        "line": pl.UInt32(),
        "kind": pl.String(),
        "post": pl.String(),
        **Messages.schema(),
        "sent_at": pl.String(),
        "n_links": pl.UInt32(),
    }
    rows = [
        row | {"channel": dump.folder.resolve().name, "is_public": True, "mentions": [], "topics": topics}
        for row in [*posts, *comments]
        for topics in [dump.tags_of.get(str(row["thread"]), [])]
    ]
    return pl.DataFrame(rows, schema=schema).with_columns(sent_at=instants(pl.col("sent_at")))


def _post_row(dump: Dump, line: int, post: Attributes) -> Row:
    message = _id("p", post["Id"])
    kind = post["PostTypeId"]
    words = words_of_html(post.get("Body", ""))
    question = f"p{post.get('ParentId', '')}" if kind == ANSWER else message
    dump.thread_of[message] = question
    if kind == QUESTION:
        dump.tags_of[message] = _tags(post.get("Tags", ""))
    return {
        "file": "Posts.xml",
        "line": line,
        "kind": kind,
        "post": message,
        "message": message,
        "author": _author(post.get("OwnerUserId")),
        "sent_at": post.get("CreationDate"),
        "thread": question,
        "reply_to": question if kind == ANSWER else None,
        "text": f"{_sentence(post.get('Title', ''))} {words.text}",
        "n_links": words.n_links,
        "url": _url(dump, f"{'q' if kind == QUESTION else 'a'}/{post['Id']}"),
    }


def _comment_row(dump: Dump, line: int, comment: Attributes) -> Row:
    post = f"p{comment['PostId']}"
    thread = dump.thread_of.get(post, post)
    words = words_of_comment(comment.get("Text", ""))
    return {
        "file": "Comments.xml",
        "line": line,
        "kind": COMMENT,
        "post": post,
        "message": _id("c", comment["Id"]),
        "author": _author(comment.get("UserId")),
        "sent_at": comment.get("CreationDate"),
        "thread": thread,
        "reply_to": post,
        "text": words.text,
        "n_links": words.n_links,
        "url": _url(dump, f"q/{thread[1:]}#comment{comment['Id']}_{comment['PostId']}"),
    }


def _id(letter: str, number: str) -> str:
    """An id of ours, empty where the dump's is none."""
    return letter + number if re.fullmatch(r"-1|[0-9]{1,18}", number) else ""


def _author(number: str | None) -> str | None:
    return None if number is None else _id("u", number)


def _tags(tags: str) -> list[str]:
    """Tags in either way of writing, '<hops><ale>' or '|hops|ale|'."""
    named: Sequence[str] = re.findall(r"[^<>|]+", tags)
    return [tag for tag in dict.fromkeys(named) if tag != UNTAGGED]


def _sentence(title: str) -> str:
    """A title with a stop, so that the first sentence of the body does not run into it."""
    return title if title == "" or title.rstrip()[-1:] in ".?!…" else f"{title}."


def _url(dump: Dump, path: str) -> str:
    return f"{dump.site_url}/{path}" if dump.site_url else ""
