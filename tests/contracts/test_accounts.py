"""What the desk promises about who may come in, on every database."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from matcher.errors import AccountError, TooManyAttemptsError
from matcher.storage.decisions.accounts import AccountStore
from matcher.storage.decisions.attempts import AttemptOptions
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.passwords import Passwords
from matcher.storage.decisions.schema import ACCOUNTS, TABLES
from matcher.storage.decisions.sessions import SessionOptions, SignedIn

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECRET = "correct horse battery"  # noqa: S105 - of nobody
OTHER = "staple of another kind"
OPTIONS = AttemptOptions(per_name=3, per_address=5, window=15 * MINUTE)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def store_on(database: Database, hasher: PasswordHasher = CHEAP) -> AccountStore:
    """A store that hashes fast."""
    return AccountStore(database, passwords=Passwords(hasher), attempts=OPTIONS)


@pytest.fixture(name="store")
def _store(database: Database) -> AccountStore:
    """With an admin Ana and a viewer Ben."""
    made = store_on(database)
    made.add("Ana", SECRET, "admin", now=NOW)
    made.add("Ben", OTHER, "viewer", now=NOW)
    return made


def enter(store: AccountStore, name: str, password: str, *, at: datetime = NOW, address: str = "10.0.0.1") -> SignedIn:
    """Sign in."""
    return store.sign_in(name, password, address=address, now=at)


@pytest.mark.parametrize("name", ["Ana", "ana", " ANA ", "\uff21\uff4e\uff41"])
def test_the_right_password_opens_a_session(store: AccountStore, name: str) -> None:
    """In whatever case or width the name was typed."""
    done = enter(store, name, SECRET)

    assert store.session(done.token, now=NOW) == done.session
    assert (done.session.name, done.session.role, done.session.created_at) == ("Ana", "admin", NOW)


def test_what_is_wrong_is_not_said(store: AccountStore) -> None:
    """An unknown name, a wrong password and a disabled account get one answer."""
    store.disable("Ben")
    told = []
    for name, password in (("Ana", OTHER), ("Zoe", SECRET), ("Ben", OTHER), ("\x00\ud800", "\ud800")):
        with pytest.raises(AccountError) as refused:
            enter(store, name, password)
        told.append((type(refused.value), str(refused.value)))

    assert len(set(told)) == 1


def test_an_unknown_name_costs_the_same_work(database: Database) -> None:
    """As many hashes are computed: who measures learns no names."""

    class Telling(PasswordHasher):
        """Notes how dear each look at a password was."""

        costs: ClassVar[list[str]] = []

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
            self.costs.append(str(hash).rsplit("$", 2)[0])
            return super().verify(hash, password)

    store = store_on(database, Telling(time_cost=1, memory_cost=8, parallelism=1))
    store.add("Ana", SECRET, "admin", now=NOW)
    for name in ("Ana", "Zoe"):
        with pytest.raises(AccountError):
            enter(store, name, OTHER)

    assert Telling.costs[-2:] == ["$argon2id$v=19$m=8,t=1,p=1"] * 2


def test_a_password_changed_while_it_is_looked_at_opens_nothing(store: AccountStore, database: Database) -> None:
    """Who takes an account back from a thief does not race with them."""

    class Overtaken(PasswordHasher):
        """While it looks, the password is changed."""

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
            store.change_password("Ana", OTHER)
            return super().verify(hash, password)

    slow = store_on(database, Overtaken(time_cost=1, memory_cost=8, parallelism=1))

    with pytest.raises(AccountError, match="is wrong"):
        enter(slow, "Ana", SECRET)


@pytest.mark.parametrize(
    ("name", "password", "role"),
    [
        pytest.param("ANA", SECRET, "viewer", id="the name is taken"),
        pytest.param("\uff41\uff4e\uff41", SECRET, "viewer", id="the name looks like one that is taken"),
        pytest.param(" ", SECRET, "viewer", id="no name"),
        pytest.param("Zoe\u202e", SECRET, "viewer", id="a name that turns the writing"),
        pytest.param("Z" * 65, SECRET, "viewer", id="a long name"),
        pytest.param("Zoe", "short", "viewer", id="a short password"),
        pytest.param("Zoe", "x" * 1_001, "viewer", id="a password that is work to hash"),
        pytest.param("Zoe", SECRET, "owner", id="no such role"),
    ],
)
def test_what_cannot_be_an_account_is_refused(store: AccountStore, name: str, password: str, role: str) -> None:
    """And nothing is added."""
    with pytest.raises(AccountError):
        store.add(name, password, role, now=NOW)

    assert [(one.name, one.role) for one in store.accounts()] == [("Ana", "admin"), ("Ben", "viewer")]


def test_each_sign_in_has_a_token_of_its_own(store: AccountStore) -> None:
    """So a token that somebody planted is never made good; and signing out of one leaves the other."""
    first, second = enter(store, "Ana", SECRET), enter(store, "Ana", SECRET)

    store.sign_out(first.token)

    assert first.token != second.token
    assert store.session(first.token, now=NOW) is None
    assert store.session(second.token, now=NOW) is not None
    assert store.session("", now=NOW) is None
    assert store.session("planted\x00\ud800", now=NOW) is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda store: store.change_password("ben", SECRET), id="another password"),
        pytest.param(lambda store: store.disable("BEN"), id="disabled"),
        pytest.param(lambda store: store.change_role("Ben", "organizer"), id="another role"),
    ],
)
def test_a_changed_account_signs_out_whoever_used_it(
    store: AccountStore, change: Callable[[AccountStore], None]
) -> None:
    """And nobody else."""
    ana, ben = enter(store, "Ana", SECRET), enter(store, "Ben", OTHER)

    change(store)

    assert store.session(ben.token, now=NOW) is None
    assert store.session(ana.token, now=NOW) is not None


def test_a_disabled_account_may_be_enabled_again(store: AccountStore) -> None:
    """With the password it had, but not with the sessions."""
    before = enter(store, "Ben", OTHER)
    store.disable("Ben")
    store.enable("Ben")

    assert store.session(before.token, now=NOW) is None
    assert enter(store, "Ben", OTHER).session.role == "viewer"


def test_an_admin_is_always_left(store: AccountStore) -> None:
    """Neither disabled nor made less, until there is another."""
    with pytest.raises(AccountError, match="no admin would be left"):
        store.disable("Ana")
    with pytest.raises(AccountError, match="no admin would be left"):
        store.change_role("Ana", "viewer")
    assert enter(store, "Ana", SECRET).session.role == "admin"

    store.change_role("Ben", "admin")
    store.disable("Ana")

    assert [one.is_disabled for one in store.accounts()] == [True, False]


def test_sessions_end_by_themselves(database: Database) -> None:
    """When nothing was done for a while; and in the end whatever was done."""
    options = SessionOptions(idle=30 * MINUTE, absolute=70 * MINUTE, seen_every=MINUTE)
    store = AccountStore(database, passwords=Passwords(CHEAP), sessions=options)
    store.add("Ana", SECRET, "admin", now=NOW)
    idle, busy = enter(store, "Ana", SECRET), enter(store, "Ana", SECRET)

    for minutes in (29, 58, 69):
        assert store.session(busy.token, now=NOW + minutes * MINUTE) is not None

    assert store.session(idle.token, now=NOW + 30 * MINUTE) is None
    assert store.session(busy.token, now=NOW + 70 * MINUTE) is None
    assert busy.session.ends_at == NOW + 70 * MINUTE


def test_too_many_wrong_passwords_for_a_name_wait(store: AccountStore) -> None:
    """From wherever, and with the right one too; until the window has passed."""
    for number in range(3):
        with pytest.raises(AccountError, match="is wrong"):
            enter(store, "Ana", OTHER, at=NOW + number * MINUTE, address=f"10.0.0.{number}")

    with pytest.raises(TooManyAttemptsError) as told:
        enter(store, "aNA", SECRET, at=NOW + 14 * MINUTE, address="10.0.0.9")
    assert told.value.retry_at == NOW + 15 * MINUTE
    assert enter(store, "Ana", SECRET, at=told.value.retry_at).session.name == "Ana"


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["2001:db8::1", "2001:db8::2:3"], ["::ffff:10.0.0.1", "10.0.0.1"]],
    ids=["one", "one network", "one in two writings"],
)
def test_too_many_wrong_passwords_from_an_address_wait(store: AccountStore, addresses: list[str]) -> None:
    """For whatever names; a right one between does not buy more tries at the others."""
    for number in range(5):
        with pytest.raises(AccountError, match="is wrong"):
            enter(store, f"guess {number}", OTHER, address=addresses[number % len(addresses)])
        if number == 3:
            enter(store, "Ben", OTHER, address=addresses[0])

    with pytest.raises(TooManyAttemptsError):
        enter(store, "Ben", OTHER, address=addresses[-1])
    assert enter(store, "Ben", OTHER, address="2001:db8:0:1::1").session.name == "Ben"


def test_a_right_password_forgives_the_wrong_ones_of_its_name(store: AccountStore) -> None:
    """Who mistyped twice each morning is never locked out."""
    for number in range(4):
        for _ in range(2):
            with pytest.raises(AccountError, match="is wrong"):
                enter(store, "Ana", OTHER, address=f"10.0.{number}.1")
        enter(store, "Ana", SECRET, address=f"10.0.{number}.2")

    assert enter(store, "Ana", SECRET).session.name == "Ana"


def test_many_guesses_at_once_do_not_slip_through(store: AccountStore) -> None:
    """They are counted before the password is looked at."""

    def guess(number: int) -> type[Exception]:
        with pytest.raises(AccountError) as told:
            enter(store, "Ana", f"{OTHER} {number}", address=f"10.0.0.{number}")
        return told.type

    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(guess, range(20)))

    assert told.count(AccountError) == 3
    assert told.count(TooManyAttemptsError) == 17


@pytest.mark.usefixtures("store")
def test_an_old_hash_is_made_anew_at_the_next_sign_in(database: Database) -> None:
    """Nobody has to choose another password because computers became faster."""
    dearer = store_on(database, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    with database.reading() as connection:
        before = connection.execute(select(ACCOUNTS.c.password_hash).where(ACCOUNTS.c.name == "Ana")).scalar_one()
    enter(dearer, "Ana", SECRET)
    with database.reading() as connection:
        after = connection.execute(select(ACCOUNTS.c.password_hash).where(ACCOUNTS.c.name == "Ana")).scalar_one()

    assert ("t=1" in before, "t=2" in after) == (True, True)
    assert enter(dearer, "Ana", SECRET).session.name == "Ana"


def test_no_secret_is_kept_or_shown(store: AccountStore, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """No password, no token: not in the tables, not in a repr, not in a log, not in what a fault says."""
    caplog.set_level(logging.DEBUG)
    done = enter(store, "Ana", SECRET)
    with pytest.raises(AccountError) as told:
        enter(store, OTHER, SECRET)

    with database.reading() as connection:
        rows = [str(row) for table in TABLES.sorted_tables for row in connection.execute(select(table))]
    shown = "\n".join([*rows, repr(done), repr(store), repr(store.accounts()), caplog.text, repr(told.value)])

    assert len(rows) >= 4
    assert not [secret for secret in (done.token, SECRET, OTHER) if secret in shown]


def test_a_fault_of_the_database_does_not_print_what_was_written(store: AccountStore, database: Database) -> None:
    """A log of faults holds no hash."""
    with database.reading() as connection:
        row = dict(connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.name == "Ana")).mappings().one())

    with pytest.raises(IntegrityError) as told, database.writing("spoil") as connection:
        connection.execute(insert(ACCOUNTS).values(**row))

    assert row["password_hash"] not in str(told.value)
    assert len(store.accounts()) == 2
