"""The tables of the desk's database.

What was decided, answered and sent is only ever added to; triggers in the database itself refuse anything else.
"""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    func,
    select,
)

from matcher.storage.decisions.instants import Instant

SCHEMA_VERSION = 1
"""Grows with every change of the tables below; a database of a larger version is refused."""

TABLES = MetaData()

SCHEMA = Table("desk_schema", TABLES, Column("version", Integer, primary_key=True))

EVENTS = Table(
    "events",
    TABLES,
    Column("run_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("lists", Text, nullable=False, comment="JSON: members afterwards by suggestion; null: removed."),
    Column("why", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("undoes", Integer),
    UniqueConstraint("run_id", "undoes"),
    ForeignKeyConstraint(["run_id", "undoes"], ["events.run_id", "events.number"]),
)

TOUCHES = Table(
    "touches",
    TABLES,
    Column("run_id", String, primary_key=True),
    Column("suggestion", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False, comment="As it was seen: two can never win."),
    Column("number", Integer, nullable=False),
    ForeignKeyConstraint(["run_id", "number"], ["events.run_id", "events.number"]),
    UniqueConstraint("run_id", "number", "suggestion"),
)

ANSWERS = Table(
    "answers",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("link", String, nullable=False, unique=True, comment="Of the signed link: using it twice changes nothing."),
    Column("run_id", String, nullable=False),
    Column("suggestion", String, nullable=False),
    Column("member", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("other", String),
    Column("at", Instant, nullable=False),
    Column("until", Instant, comment="End of a pause."),
)

ACCOUNTS = Table(
    "accounts",
    TABLES,
    Column("folded", String, primary_key=True, comment="The name as it is compared."),
    Column("name", String, nullable=False),
    Column("role", String, CheckConstraint("role IN ('viewer', 'organizer', 'admin')"), nullable=False),
    Column("password_hash", String, nullable=False),
    Column("is_disabled", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
)

SESSIONS = Table(
    "sessions",
    TABLES,
    Column("token_hash", String(64), primary_key=True, comment="sha256: who reads the table cannot sign in with it."),
    Column("folded", String, ForeignKey("accounts.folded"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
)

ATTEMPTS = Table(
    "attempts",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("name_hash", String(64), nullable=False, index=True, comment="sha256: some type their password here."),
    Column("address_hash", String(64), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("counts_for_name", Integer, nullable=False),
)

OUTBOX = Table(
    "outbox",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("run_id", String, nullable=False),
    Column("suggestion", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("at", Instant, nullable=False, comment="When it came into this state."),
    Column("not_before", Instant, nullable=False),
    Column("why", Text, nullable=False, comment="Why the last attempt failed."),
    Column("resolved_by", String, comment="The organizer who said what became of an attempt in doubt."),
    CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')"),
    UniqueConstraint("run_id", "suggestion", "version", "channel", "recipient"),
)

ERASURES = Table(
    "erasures",
    TABLES,
    Column("number", Integer, primary_key=True, comment="Rows were rewritten: what was read before is read again."),
)

APPEND_ONLY = (EVENTS, TOUCHES, ANSWERS)


def count_erasures() -> Select[int]:
    """How often rows that are only ever added to were rewritten, since a member was forgotten or came back."""
    return select(func.count()).select_from(ERASURES)


def _guard(table: Table) -> None:
    """Let the database itself refuse to change or remove rows."""
    name = table.name
    for action in ("UPDATE", "DELETE"):
        refusing = DDL(
            f"CREATE TRIGGER {name}_no_{action.lower()} BEFORE {action} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
        event.listen(table, "after_create", refusing.execute_if(dialect="sqlite"))
    function = DDL(
        f"CREATE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{name} is append-only'; END $$"
    )
    trigger = DDL(
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_refuse()"
    )
    for statement in (function, trigger):
        event.listen(table, "after_create", statement.execute_if(dialect="postgresql"))


for _table in APPEND_ONLY:
    _guard(_table)
