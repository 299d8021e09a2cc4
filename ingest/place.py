"""An output folder and a state database in, proof that they belong together out."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import sqlalchemy as sa

from ingest.database import exclusive, insert_missing, writing
from ingest.errors import LedgerError, OutputError
from ingest.tables import meta, metadata

SCHEMA = "3"
"""Version of the tables; a database of another version is refused, not guessed at."""

IDENTITY = ".newsgloss/id"


def prepare(engine: sa.Engine, output: Path) -> None:
    """Make the tables where they are missing, and bind this state to this output.

    Raises:
        LedgerError: the database is unusable, of another version, or belongs to another output.
        OutputError: the output folder cannot be made or written.
    """
    token = _token(output)
    with writing(engine, "cannot open the ledger") as connection:
        exclusive(connection, 3)
        metadata.create_all(connection)
        rows = [{"key": "schema", "value": SCHEMA}, {"key": "output", "value": token or uuid.uuid4().hex}]
        insert_missing(connection, meta, rows)
        known = {row.key: row.value for row in connection.execute(sa.select(meta))}
        if token is None and known.get("folder", str(output)) != str(output):
            raise LedgerError(
                f"this state belongs to another output than {output}",
                hint="give each output a state of its own: leave --state out, or name another",
            )
        insert_missing(connection, meta, [{"key": "folder", "value": str(output)}])
    if known["schema"] != SCHEMA:
        raise LedgerError(
            f"the ledger has schema {known['schema']}, this newsgloss knows {SCHEMA}",
            hint="use the newsgloss that wrote it, or another --state",
        )
    if token is None:
        _write_token(output, known["output"])
    elif token != known["output"]:
        raise LedgerError(
            f"this state belongs to another output than {output}",
            hint="give each output a state of its own: leave --state out, or name another",
        )


def identity(connection: sa.Connection) -> str:
    """The name that tells this output and its state from all others."""
    return str(connection.execute(sa.select(meta.c.value).where(meta.c.key == "output")).scalar_one())


def _token(output: Path) -> str | None:
    try:
        return (output / IDENTITY).read_text("ascii").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(
            f"cannot read {output / IDENTITY}: {error}", hint="check the folder's permissions"
        ) from error


def _write_token(output: Path, token: str) -> None:
    target = output / IDENTITY
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f"id.{os.getpid()}.tmp")
        temporary.write_text(token + "\n", "ascii")
        temporary.replace(target)
    except OSError as error:
        raise OutputError(
            f"cannot write to {output}: {error.strerror}", hint="choose another folder with --output DIR"
        ) from error
