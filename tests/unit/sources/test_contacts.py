"""Lists of addresses: what mail can be sent to is kept, everything else is refused with its line and no address."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import SourceError
from matcher.sources.contacts import ImportedContacts, read_contacts
from matcher.sources.quarantine import BAD_ADDRESS, BAD_ID, MALFORMED, SAME_CONTACT
from matcher.tables.mail_addresses import is_mail_address, mail_address


def read(folder: Path, text: str, name: str = "contacts.csv") -> ImportedContacts:
    """One file."""
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return read_contacts(path, {})


def test_addresses_are_read_under_usual_names(tmp_path: Path) -> None:
    """Of any kind of table."""
    csv = read(tmp_path, "User ID;E-Mail\n7.0;ana@example.org\nben; Ben@Example.ORG \n")
    lines = read(tmp_path, '{"member": "ana", "email": "ana@example.org"}\n', "contacts.jsonl")

    assert csv.contacts.by_member() == {"7": "ana@example.org", "ben": "Ben@example.org"}
    assert lines.contacts.by_member() == {"ana": "ana@example.org"}


def test_rows_that_cannot_be_are_refused_one_by_one(tmp_path: Path) -> None:
    """Each with its line and what to do."""
    rows = [
        "member,email",
        "ana,ana@example.org",
        ",x@example.org",
        "ben,",
        "cem,cem at example.org",
        "dea",
        "eve,a@b.org,c",
    ]

    imported = read(tmp_path, "\n".join(rows) + "\n")

    assert imported.contacts.by_member() == {"ana": "ana@example.org"}
    assert imported.quarantine.frame.select("line", "reason").rows() == [
        (3, BAD_ID.reason),
        (4, BAD_ADDRESS.reason),
        (5, BAD_ADDRESS.reason),
        (6, MALFORMED.reason),
        (7, MALFORMED.reason),
    ]
    assert "@" not in imported.quarantine.frame.drop("remedy").write_csv()


def test_whoever_has_two_addresses_gets_no_mail(tmp_path: Path) -> None:
    """One of them may be a stranger's; the same one twice is one."""
    imported = read(tmp_path, "member,email\nana,a@b.org\nana,x@y.org\nben,b@b.org\nben,b@b.org\ncem,b@b.org\n")

    assert imported.contacts.by_member() == {"ben": "b@b.org", "cem": "b@b.org"}
    assert [(line, reason) for _, line, _, reason, _ in imported.quarantine.frame.rows()] == [
        (2, SAME_CONTACT.reason),
        (3, SAME_CONTACT.reason),
    ]


def test_a_file_of_something_else_is_refused_whole(tmp_path: Path) -> None:
    """It says which column is missing."""
    with pytest.raises(SourceError, match="no column holds 'email'"):
        read(tmp_path, "member,town\nana,Graz\n")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "ana", "@", "ana@", "@example.org", "a@b", "a@b@c.org", "a b@c.org", "a@b c.org",
        "a@b.org\nBcc: x@y.org",
        "a@b.org\r\n", "a\r@b.org", "a@b.org\x00", "a@b.org,c@d.org", "Ana <a@b.org>", "<a@b.org>", '"a b"@c.org',
        "a@[10.0.0.1]", "a@10.0.0.1", ".a@b.org", "a.@b.org", "a..b@c.org", "ä@b.org", "a@-b.org", "a@b-.org",
        "a@b..org",
        "a@.org", "a@b.org.", "a(x)@b.org", "a@b_c.org", f"{'a' * 65}@b.org", f"a@{'b' * 64}.org", f"a@{'b.' * 130}org",
        "a@b.org;x", "a@ex\u202eample.org", "mailto:a@b.org", "a@b.org?bcc=x@y.org",
    ],
)  # fmt: skip
def test_what_no_server_takes_is_no_address(text: str) -> None:
    """Nor what could begin a header, name a second person, or need a server of a special kind."""
    assert mail_address(text) == ""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana@example.org", "ana@example.org"),
        (" O'Neil.j+desk@Mail.Example.ORG ", "O'Neil.j+desk@mail.example.org"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@例え.テスト", "ana@xn--r8jz45g.xn--zckzah"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
    ],
)
def test_addresses_are_written_as_the_network_knows_them(text: str, address: str) -> None:
    """Domains of other letters in their plain form, which every server takes."""
    assert mail_address(text) == address


@given(st.text(st.sampled_from('ab.@-_+ä\r\n\t \0"<>,:;()[]\\例'), max_size=30) | st.emails())
def test_an_address_is_plain_whatever_it_was(text: str) -> None:
    """One line of ASCII with one @; read again, it is the same."""
    address = mail_address(text)

    assert address.isascii()
    assert address == "" or (address.count("@") == 1 and address.isprintable() and " " not in address)
    assert mail_address(address) == address
    assert is_mail_address(address) == bool(address)
