"""The words a member wrote, out of the markup of a post or a comment."""

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

NOT_THEIR_WORDS = ["pre", "code", "blockquote", "script", "style"]
BLOCKS = "p, br, li, div, hr, tr, td, h1, h2, h3, h4, h5, h6"
CODE_SPAN = re.compile(r"(`+)[^`]+\1")
NAMED_LINK = re.compile(r"\[([^\]\[]+)\]\((?:https?://|//|/)[^\s)]*(?:\s[^)]*)?\)")
BARE_LINK = re.compile(r"https?://\S")


class Words(NamedTuple):
    """What is left of a text.

    Attributes:
        text: The words; white space is not folded yet.
        n_links: How many links the writer set.
    """

    text: str
    n_links: int


def words_of_html(html: str) -> Words:
    """Read a post or a profile: code and what others said fall away, the words of links stay."""
    tree = LexborHTMLParser(html)
    if tree.body is None:
        return Words("", 0)
    tree.strip_tags(NOT_THEIR_WORDS, recursive=True)
    for block in tree.css(BLOCKS):
        block.insert_after("\n")
    return Words(tree.body.text(), len(tree.css("a[href]")))


def words_of_comment(comment: str) -> Words:
    """Read a comment, which is not HTML but text with a little Markdown: code, and links with a name."""
    spoken = CODE_SPAN.sub(" ", comment)
    text, n_named = NAMED_LINK.subn(r"\1", spoken)
    return Words(text, n_named + len(BARE_LINK.findall(text)))
