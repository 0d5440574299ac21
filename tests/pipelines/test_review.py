"""`matcher review` and `matcher accounts`, as an operator types them."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.review.options import DeskOptions
from matcher.storage.workspace import Workspace
from pipelines.database import open_database
from tests.pipelines.conftest import DemoNight

PASSWORD = "correct horse battery"  # noqa: S105 -- of nobody
pytestmark = pytest.mark.xdist_group("demo")


def matcher(*arguments: str | Path, piped: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does, with something on standard input."""
    return subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *map(str, arguments)],
        input=piped,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


def accounts(folder: Path, *arguments: str, piped: str = "") -> subprocess.CompletedProcess[str]:
    """Run `matcher accounts`."""
    return matcher("accounts", *arguments, "--workspace", folder, piped=piped)


def test_accounts_are_made_and_changed_without_a_password_in_the_arguments(tmp_path: Path) -> None:
    """Which every program on the machine could read."""
    added = accounts(tmp_path, "add", "Maria", "--role", "admin", "--password-stdin", piped=PASSWORD + "\n")
    done = [
        accounts(tmp_path, "add", "otto", "--password-stdin", piped=PASSWORD),
        accounts(tmp_path, "role", "otto", "--role", "viewer"),
        accounts(tmp_path, "password", "otto", "--password-stdin", piped="another horse battery\n"),
        accounts(tmp_path, "disable", "otto"),
    ]
    listed = json.loads(accounts(tmp_path, "list", "--json").stdout)["accounts"]

    assert added.stdout == "Added Maria, who may also manage accounts.\n"
    assert [one.returncode for one in (added, *done)] == [0] * 5
    assert [(one["name"], one["role"], one["is_disabled"]) for one in listed] == [
        ("Maria", "admin", False),
        ("otto", "viewer", True),
    ]
    assert (tmp_path / "desk.sqlite").stat().st_mode & 0o077 == 0


def test_what_cannot_be_done_to_an_account_is_said_and_fails(tmp_path: Path) -> None:
    """With an exit code."""
    accounts(tmp_path, "add", "Maria", "--role", "admin", "--password-stdin", piped=PASSWORD)

    last = accounts(tmp_path, "disable", "maria")
    short = accounts(tmp_path, "add", "otto", "--password-stdin", piped="short")
    nobody = accounts(tmp_path, "add", "otto")
    role = accounts(tmp_path, "role", "maria", "--role", "god")

    assert (last.returncode, short.returncode, nobody.returncode, role.returncode) == (1, 1, 2, 2)
    assert "no admin would be left" in last.stderr
    assert "needs 12 to 1000" in short.stderr
    assert "--password-stdin" in nobody.stderr


def test_the_desk_does_not_open_where_nobody_could_use_it(tmp_path: Path, demo: DemoNight) -> None:
    """No workspace, no run, no account, no encryption: each with what to do."""
    (tmp_path / "empty").mkdir()

    missing = matcher("review", "--workspace", tmp_path / "nowhere")
    no_run = matcher("review", "--workspace", tmp_path / "empty")
    no_account = matcher("review", "--workspace", demo.workspace, "--database", tmp_path / "desk.sqlite")
    open_to_all = matcher("review", "--workspace", demo.workspace, "--host", "0.0.0.0")  # noqa: S104 -- refused

    assert {one.returncode for one in (missing, no_run, no_account, open_to_all)} == {2}
    assert "there is no workspace" in missing.stderr
    assert "matcher run" in no_run.stderr
    assert "matcher accounts add NAME --role admin" in no_account.stderr
    assert "--tls-cert" in open_to_all.stderr


def test_the_desk_opens_says_where_and_closes(tmp_path: Path, demo: DemoNight) -> None:
    """Ctrl-C is how one leaves: exit code 0; its log holds no address that was asked for."""
    url = str(tmp_path / "desk.sqlite")
    matcher(
        "accounts", "add", "Maria", "--role", "admin", "--password-stdin", "--workspace", demo.workspace,
        piped=PASSWORD, MATCHER_DATABASE=url,
    )  # fmt: skip
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "review", "--port", "0"]
    desk = subprocess.Popen(
        [*command, "--workspace", str(demo.workspace)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MATCHER_DATABASE": url, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert desk.stdout is not None
        said = desk.stdout.readline()
        address = said.split()[5]
        with urllib.request.urlopen(f"{address}/sign-in?next=/secret", timeout=20) as answer:  # noqa: S310 -- ours
            page = answer.read().decode()
            server = answer.headers.get("server")
    finally:
        desk.send_signal(signal.SIGINT)
        _, log = desk.communicate(timeout=30)

    assert said.startswith("The desk is open at http://127.0.0.1:")
    assert "The organizers’ desk" in page  # noqa: RUF001 -- as it stands on the page
    assert server is None
    assert desk.returncode == 0
    assert "secret" not in log


def test_the_database_is_where_the_nearest_word_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line, else the environment, else the settings as seen from the workspace, else the workspace."""
    workspace = Workspace(folder=tmp_path)
    options = DeskOptions(database="kept/here.sqlite")
    monkeypatch.delenv("MATCHER_DATABASE", raising=False)

    open_database(workspace, DeskOptions()).close()
    open_database(workspace, options).close()
    monkeypatch.setenv("MATCHER_DATABASE", str(tmp_path / "there.sqlite"))
    open_database(workspace, options).close()
    open_database(workspace, options, str(tmp_path / "said.sqlite")).close()

    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.sqlite")) == [
        "desk.sqlite",
        "kept/here.sqlite",
        "said.sqlite",
        "there.sqlite",
    ]
    with pytest.raises(InputError, match="there is no workspace"):
        open_database(Workspace(folder=tmp_path / "nowhere"), options)
