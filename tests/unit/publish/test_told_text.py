"""Members' words in other members' mails: whatever they are, they stay words."""

import re

from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.told_text import told_text

WORST = st.text(st.sampled_from("ab=?:/.@\r\n\t\0\u202e\u2028 <>"), max_size=60)


@given(WORST)
def test_nothing_is_left_that_a_mail_program_acts_on(text: str) -> None:
    """No line ends, no encoded words, no addresses that become links."""
    told = told_text(text, limit=60)

    assert told.splitlines() in ([], [told])
    assert "=?" not in told
    assert "?=" not in told
    assert not re.search(r"\w://|\w@\w|\w\.\w\w", told)


def test_plain_names_stay_as_they_are() -> None:
    """Initials, accents, emoji."""
    assert [told_text(one, limit=60) for one in ("J.R. Żak", "Ana-Lena 👩‍🔬", "O'Neil, Jr.")] == [
        "J.R. Żak",
        "Ana-Lena 👩‍🔬",
        "O'Neil, Jr.",
    ]


def test_links_are_broken_up() -> None:
    """A mail program would make them ones to click on."""
    assert told_text("see https://evil.example/x or a@evil.example", limit=80) == (
        "see https: //evil. example/x or a@ evil. example"
    )
