"""A worker's identity in, whether it is alive out: leases of dead workers are free."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from ingest.database import exclusive, raising, writing
from ingest.errors import LedgerError
from ingest.tables import document, input_, lease, unit, worker

HEARTBEAT_S = 15.0
LOST_AFTER_S = 60.0
"""A worker of another host counts as dead after this long without a heartbeat; on this host its process is asked."""


@contextmanager
def working(engine: sa.Engine) -> Iterator[str]:
    """A registered worker for the length of the block; its leases are freed at the end."""
    me = uuid.uuid4().hex
    with writing(engine, "cannot register this run") as connection:
        connection.execute(
            sa.insert(worker).values(
                id=me,
                host=socket.gethostname(),
                pid=os.getpid(),
                process_start=_process_start(os.getpid()) or 0.0,
                heartbeat=time.time(),
            )
        )
    stop = threading.Event()
    thread = threading.Thread(target=_beat, args=(engine, me, stop), name="newsgloss-heartbeat", daemon=True)
    thread.start()
    try:
        yield me
    finally:
        stop.set()
        thread.join()
        _release_quietly(engine, me)


def free_dead(connection: sa.Connection) -> None:
    """Free the leases of workers that are no longer alive."""
    for row in connection.execute(sa.select(worker)).all():
        if not _alive(row):
            release(connection, row.id)


def lay_down(connection: sa.Connection, who: str) -> None:
    """Free the work this worker has claimed; what it holds by name, it keeps."""
    connection.execute(sa.update(input_).where(input_.c.lease == who).values(lease=None))
    connection.execute(sa.update(document).where(document.c.lease == who).values(lease=None))
    connection.execute(sa.update(unit).where(unit.c.lease == who).values(lease=None))


def release(connection: sa.Connection, who: str) -> None:
    """Free all leases of this worker, and strike it off."""
    lay_down(connection, who)
    connection.execute(sa.delete(lease).where(lease.c.worker == who))
    connection.execute(sa.delete(worker).where(worker.c.id == who))


def holder(connection: sa.Connection, who: str) -> str:
    """How to name a worker to a user: ``process 4711 on host``."""
    row = connection.execute(sa.select(worker).where(worker.c.id == who)).one_or_none()
    return f"process {row.pid} on {row.host}" if row else "a run that has just ended"


def take(connection: sa.Connection, name: str, me: str) -> str | None:
    """Take the lease of that name; returns who holds it where that is somebody else."""
    exclusive(connection, 2)
    free_dead(connection)
    held = connection.execute(sa.select(lease.c.worker).where(lease.c.name == name)).scalar()
    if held is None:
        connection.execute(sa.insert(lease).values(name=name, worker=me))
    return None if held in {None, me} else held


def give(connection: sa.Connection, name: str, me: str) -> None:
    """Give the lease of that name back."""
    connection.execute(sa.delete(lease).where(lease.c.name == name, lease.c.worker == me))


@contextmanager
def held(engine: sa.Engine, name: str, me: str, waiting: Callable[[str], None]) -> Iterator[None]:
    """Hold the named lease for the length of the block; ``waiting`` is told once who is waited for."""
    told = False
    while True:
        with writing(engine, f"cannot take the lease {name}") as connection:
            other = take(connection, name, me)
            whom = holder(connection, other) if other else ""
        if other is None:
            break
        if not told:
            waiting(whom)
            told = True
        time.sleep(0.2)
    try:
        yield
    finally:
        with writing(engine, f"cannot give the lease {name} back") as connection:
            give(connection, name, me)


def _alive(row: sa.Row[Any]) -> bool:
    if row.host == socket.gethostname():
        start = _process_start(row.pid)
        return start is not None and abs(start - row.process_start) < 1.0
    return bool(time.time() - row.heartbeat < LOST_AFTER_S)


def _process_start(pid: int) -> float | None:
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None


def _beat(engine: sa.Engine, me: str, stop: threading.Event) -> None:
    while not stop.wait(HEARTBEAT_S):
        try:
            with raising("cannot say that this run is alive"), engine.begin() as connection:
                connection.execute(sa.update(worker).where(worker.c.id == me).values(heartbeat=time.time()))
        except LedgerError:
            continue  # the run itself meets the same trouble, and reports it


def _release_quietly(engine: sa.Engine, me: str) -> None:
    try:
        with writing(engine, "cannot release this run's leases") as connection:
            release(connection, me)
    except LedgerError:
        return  # a dead worker's leases are free anyway; the error that ended the run matters more
