"""The one SQLite file: its folder, its lock, its schema."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Each script brings the schema one version on; the number of those applied is kept in ``user_version``.
# Never edit one that was released: add another.
MIGRATIONS: Final = (
    """
    CREATE TABLE users (
        id TEXT PRIMARY KEY,
        email TEXT NOT NULL UNIQUE COLLATE NOCASE,
        created_at REAL NOT NULL
    );
    CREATE TABLE access_tokens (
        fingerprint BLOB PRIMARY KEY,
        user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at REAL NOT NULL,
        expires_at REAL  -- NULL: until it is revoked
    ) WITHOUT ROWID;
    CREATE TABLE tunnels (
        seq INTEGER PRIMARY KEY,  -- the order of creation
        id TEXT NOT NULL UNIQUE,
        user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        slug TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('creating', 'active', 'stopping', 'stopped', 'failed')),
        requested_port INTEGER NOT NULL,
        secret_fingerprint BLOB NOT NULL,
        run_token_fingerprint BLOB,
        created_at REAL NOT NULL,
        last_heartbeat_at REAL NOT NULL,
        expires_at REAL NOT NULL,
        look_at REAL NOT NULL,  -- when the reaper is to look at it: never after its lease ends
        stopped_at REAL,
        last_error TEXT
    );
    -- One slug, one holder. This, and no check in the code, is what keeps two creates from sharing a slug.
    CREATE UNIQUE INDEX tunnels_holding_slug ON tunnels (slug) WHERE status IN ('creating', 'active', 'stopping');
    CREATE INDEX tunnels_holding_by_user ON tunnels (user_id) WHERE status IN ('creating', 'active', 'stopping');
    CREATE INDEX tunnels_by_user ON tunnels (user_id);
    -- Not on expires_at: then every heartbeat would have to move its tunnel within the index, at twice the cost.
    CREATE INDEX tunnels_to_look_at ON tunnels (look_at) WHERE status IN ('creating', 'active');
    CREATE INDEX tunnels_stopping ON tunnels (seq) WHERE status = 'stopping';
    CREATE INDEX tunnels_ended ON tunnels (stopped_at) WHERE status IN ('stopped', 'failed');
    CREATE UNIQUE INDEX tunnels_by_run_token ON tunnels (run_token_fingerprint)
        WHERE run_token_fingerprint IS NOT NULL;
    """,
    """
    CREATE TABLE logins (
        state_fingerprint BLOB PRIMARY KEY,
        challenge_fingerprint BLOB NOT NULL,
        email TEXT NOT NULL,
        callback_url TEXT,  -- NULL: the login code is told to whoever asks with the state
        created_at REAL NOT NULL,
        answered_at REAL,  -- a state is good for one answer of the provider
        refusal TEXT,  -- the error code that answer came down to, or NULL
        code_salt BLOB,
        code_fingerprint BLOB UNIQUE,
        slack_user_id TEXT,
        slack_team_id TEXT,
        exchanged_at REAL  -- a login code is good for one exchange
    ) WITHOUT ROWID;
    CREATE INDEX logins_by_age ON logins (created_at);
    -- A session is there as long as it lasts: ending it deletes it, with all its tokens.
    CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        slack_user_id TEXT NOT NULL,
        slack_team_id TEXT NOT NULL,
        created_at REAL NOT NULL,
        renewed_at REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sessions_by_user ON sessions (user_id);
    CREATE INDEX sessions_by_renewal ON sessions (renewed_at);
    CREATE TABLE refresh_tokens (
        fingerprint BLOB PRIMARY KEY,
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        created_at REAL NOT NULL,
        replaced_at REAL,
        salt BLOB  -- its successor is made of the token and this, which is kept while the successor is unused
    ) WITHOUT ROWID;
    CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, created_at);
    CREATE INDEX refresh_tokens_honoured ON refresh_tokens (session_id) WHERE salt IS NOT NULL;
    -- NULL: it belongs to no session, and lives until it is revoked
    ALTER TABLE access_tokens ADD COLUMN session_id TEXT REFERENCES sessions (id) ON DELETE CASCADE;
    CREATE INDEX access_tokens_by_session ON access_tokens (session_id) WHERE session_id IS NOT NULL;
    CREATE INDEX access_tokens_by_end ON access_tokens (expires_at) WHERE expires_at IS NOT NULL;
    """,
    """
    -- What heartbeats change, apart from what is written once: a hundred leases to a page, and sixteen tunnels.
    CREATE TABLE leases (
        seq INTEGER PRIMARY KEY REFERENCES tunnels (seq) ON DELETE CASCADE,
        last_heartbeat_at REAL NOT NULL,
        expires_at REAL NOT NULL
    );
    CREATE TRIGGER leases_end AFTER UPDATE OF status ON tunnels WHEN new.status IN ('stopped', 'failed')
        BEGIN DELETE FROM leases WHERE seq = new.seq; END;
    -- When the reaper is to look at the leases of a block, 128 neighbours: never after the first of them ends. An
    -- index on expires_at would have every heartbeat move its lease within it, at twice the cost.
    CREATE TABLE looks (block INTEGER PRIMARY KEY, look_at REAL NOT NULL);
    CREATE INDEX looks_by_time ON looks (look_at);
    INSERT INTO leases SELECT seq, last_heartbeat_at, expires_at FROM tunnels
        WHERE status IN ('creating', 'active', 'stopping');
    INSERT INTO looks SELECT seq / 128, min(expires_at) FROM leases GROUP BY 1;
    DROP INDEX tunnels_to_look_at;
    ALTER TABLE tunnels DROP COLUMN last_heartbeat_at;
    ALTER TABLE tunnels DROP COLUMN expires_at;
    ALTER TABLE tunnels DROP COLUMN look_at;
    """,
)


# Between two looks at the log: while it is written to, and when it was not since the last one.
_BUSY_SEC: Final = 0.05
_IDLE_SEC: Final = 0.5


class DataFolderError(Exception):
    """The data folder can't be used; the message says why and what to do about it."""


@contextmanager
def open_database(folder: Path) -> Iterator[sqlite3.Connection]:
    """Open the database in ``folder``, creating both as needed, for this process alone.

    Raises:
        DataFolderError: Not writable, in use by another server, damaged, or written by a newer TunnelDesk.
    """
    other = "choose another folder with --data-dir"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "backend.sqlite3"
        # Created here, so that nobody else could ever have read it; SQLite gives its WAL the same permissions.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        lock = FileLock(folder / "backend.lock", timeout=0, mode=0o600)
        lock.acquire()
    except Timeout:
        raise DataFolderError(
            f"Another TunnelDesk server is using the data folder {folder}: stop that one, or {other}."
        ) from None
    except OSError as error:
        reason = error.strerror or error
        raise DataFolderError(
            f"The data folder {folder} can't be written ({reason}): make it writable, or {other}."
        ) from error
    try:
        connection = _connect(path)
    except (sqlite3.Error, DataFolderError) as error:
        lock.release()
        if isinstance(error, DataFolderError):
            raise
        raise DataFolderError(f"The database {path} can't be used ({error}): move it away, or {other}.") from error
    closed = threading.Event()
    copying = threading.Thread(target=_copy_log, args=(path, closed), name="checkpoints", daemon=True)
    copying.start()
    try:
        yield connection
    finally:
        closed.set()
        copying.join()
        connection.close()
        lock.release()


@contextmanager
def transaction(connection: sqlite3.Connection, *, answers: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Make the statements inside one transaction, or part of the one they are in already.

    Args:
        connection: From ``open_database``.
        answers: Exceptions that are no reason to forget what was written before they were raised.
    """
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except answers:
        connection.execute("COMMIT")
        raise
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # Survives SIGKILL, as what was written is with the kernel by then; a power cut could lose the last moments.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -8192")  # KiB, at most
        # Pages, 256 MB. The log begins anew by itself once `_copy_log` has all of it and before more is written:
        # only a load without the least gap gets here, and waits then, 10 ms or more.
        connection.execute("PRAGMA wal_autocheckpoint = 64000")
        connection.execute("PRAGMA temp_store = MEMORY")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _copy_log(path: Path, closed: threading.Event) -> None:
    """Copy what the log has into the database every so often.

    It waits for the disk three times, 2 to 10 ms together. That is why it is done here, beside the loop, where
    nobody would be answered meanwhile. The log's file keeps the size that a load has given it until the server
    stops: to cut it off, whoever is served has to wait, and the next load until it has grown again.
    """
    pause, before = _IDLE_SEC, 0
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        while not closed.wait(pause):
            with suppress(sqlite3.Error):  # the disk is full, say: the next write tells whoever asked for it
                _, pages, _ = connection.execute("PRAGMA wal_checkpoint").fetchone()
                pause, before = _IDLE_SEC if pages == before else _BUSY_SEC, pages


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise DataFolderError(
            f"The database {path} was written by a newer TunnelDesk (version {version}, this one knows "
            f"{len(MIGRATIONS)}): update TunnelDesk, or choose another folder with --data-dir."
        )
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")
