"""What is left of markup."""

import pytest

from matcher.sources.html_text import words_of_comment, words_of_html


@pytest.mark.parametrize(
    ("html", "text", "n_links"),
    [
        pytest.param("<p>Wheat <b>beer</b>, please</p>", "Wheat beer, please", 0, id="no space before a comma"),
        pytest.param("<p>one</p><p>two<br>three</p><li>four</li>", "one two three four", 0, id="blocks part words"),
        pytest.param("<blockquote><p>theirs</p></blockquote><p>mine</p>", "mine", 0, id="quotes are not their words"),
        pytest.param("run <code>rm -rf</code> now <pre>x = 1</pre>", "run now", 0, id="nor is code"),
        pytest.param('see <a href="https://x.example">this</a>', "see this", 1, id="a link keeps its words"),
        pytest.param('<blockquote><a href="https://x.example">x</a></blockquote>ok', "ok", 0, id="a quoted link"),
        pytest.param("<script>alert(1)</script>hi<style>p{}</style>", "hi", 0, id="scripts"),
        pytest.param("fish &amp; chips &lt;3", "fish & chips <3", 0, id="entities"),
        pytest.param("<p>never closed <b>still", "never closed still", 0, id="broken markup"),
        pytest.param("", "", 0, id="nothing"),
    ],
)
def test_a_post_keeps_its_writers_own_words(html: str, text: str, n_links: int) -> None:
    """Code and quotes are not what the member said."""
    words = words_of_html(html)

    assert (" ".join(words.text.split()), words.n_links) == (text, n_links)


@pytest.mark.parametrize(
    ("comment", "text", "n_links"),
    [
        pytest.param("2 < 3 & <b>", "2 < 3 & <b>", 0, id="is not html"),
        pytest.param("try `sudo rm` first", "try first", 0, id="code"),
        pytest.param("[this](https://a.example/b) and [that](/q/5)", "this and that", 2, id="named links"),
        pytest.param("http://a.example https://b.example", "http://a.example https://b.example", 2, id="bare links"),
    ],
)
def test_a_comment_is_text_with_a_little_markdown(comment: str, text: str, n_links: int) -> None:
    """A comment is stored otherwise than a post: what looks like a tag is what was typed."""
    words = words_of_comment(comment)

    assert (" ".join(words.text.split()), words.n_links) == (text, n_links)
