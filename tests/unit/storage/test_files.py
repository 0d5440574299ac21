"""Files that are for their owner alone."""

from pathlib import Path

from matcher.storage.files import write_private_text


def test_what_is_private_goes_through_nothing_that_others_laid_out(tmp_path: Path) -> None:
    """In a folder that all may write to, somebody may have made the file first, or a link to one of theirs."""
    theirs = tmp_path / "theirs"
    theirs.write_text("")
    (tmp_path / ".u12.json.part").symlink_to(theirs)

    write_private_text(tmp_path / "u12.json", "secret\n")

    assert theirs.read_text() == ""
    assert not (tmp_path / "u12.json").is_symlink()
    assert (tmp_path / "u12.json").read_text() == "secret\n"
    assert (tmp_path / "u12.json").stat().st_mode & 0o777 == 0o600
