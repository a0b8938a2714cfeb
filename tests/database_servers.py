"""Real database servers for tests: Debian's binaries, a folder and a loopback port of their own, no service."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pymysql
import pytest
from adbc_driver_postgresql import dbapi as postgres_driver

#: Every character that an address, a shell or a log could stumble over; tests look for it in everything written.
PASSWORD = "c4n@ry/p:w#?'ü"  # noqa: S105 - of a server that lives as long as a test run
_START_SECONDS = 60


@dataclass
class Server:
    """A server that can be killed and started again."""

    kind: str
    folder: Path
    command: Sequence[str]
    port: int
    user: str
    database: str = "crm"
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, user: str | None = None, password: str = PASSWORD, database: str | None = None) -> str:
        """The address as users write it into `AFTERCARE_DATABASE_…`."""
        login = f"{user or self.user}:{quote(password, safe='')}"
        return f"{self.kind}://{login}@127.0.0.1:{self.port}/{database or self.database}"

    def start(self) -> None:
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.run("select 1")
            except Exception:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise AssertionError((self.folder / "log").read_text(errors="replace")[-2000:]) from None
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """End the server as a crash does: no client is told good-bye."""
        assert self.process is not None
        # PostgreSQL's children outlive a killed parent for a moment; its word for a crash is SIGQUIT
        self.process.send_signal(signal.SIGQUIT if self.kind == "postgresql" else signal.SIGKILL)
        self.process.wait()

    def run(self, *statements: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Execute statements as the owner of the server, each committed; return the rows of the last one."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def connect(self, database: str | None = None) -> Any:
        """A connection of the driver, in autocommit."""
        if self.kind == "postgresql":
            password = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
            place = f"host=127.0.0.1 port={self.port} dbname={database or 'postgres'} user={self.user}"
            return postgres_driver.connect(f"{place} password='{password}'", autocommit=True)
        return pymysql.connect(
            host="127.0.0.1", port=self.port, user=self.user, password=PASSWORD.encode(), database=database,
            autocommit=True, charset="utf8mb4",
        )  # fmt: skip


def missing(what: str, package: str) -> None:
    """Skip on a machine without the server; fail where nothing may be skipped."""
    message = f"{what} is not installed; Debian has it in the package {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="aftercare-server-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(folder: Path) -> list[str]:
    """The words that run a command as the user postgres, who then owns the folder: the server refuses root."""
    if os.geteuid() != 0:
        return []
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL cluster with the database crm; its owner is `postgres`."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (str(homes[-1]) if homes else None)
    if found is None:
        missing("PostgreSQL", "postgresql")
    bin_dir = Path(found or "").resolve().parent
    with _folder() as folder:
        prefix = _as_postgres(folder)
        secret, data, port = folder / "password", folder / "data", _free_port()
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        subprocess.run(
            [*prefix, bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret,
             "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        command = [
            *prefix, str(bin_dir / "postgres"), "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "full_page_writes=off",
        ]  # fmt: skip
        with _running(Server("postgresql", folder, command, port, "postgres")) as server:
            server.run("create database crm")
            yield server


@contextmanager
def mariadb_server() -> Iterator[Server]:
    """A MariaDB server with the database crm; its owner is `owner`."""
    found = [
        shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        for name in ("mariadbd", "mariadb-install-db")
    ]
    if None in found:
        missing("MariaDB", "mariadb-server-core")
    daemon, install = str(found[0]), str(found[1])
    with _folder() as folder:
        # MariaDB runs as root when told so; its core package brings no user of its own
        as_oneself = ["--user=root"] if os.geteuid() == 0 else []
        data, port, first = folder / "data", _free_port(), folder / "first.sql"
        subprocess.run(
            [install, "--no-defaults", *as_oneself, f"--datadir={data}", "--auth-root-authentication-method=normal",
             "--skip-test-db"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        password = PASSWORD.replace("'", "''")
        first.write_text(
            "create database if not exists crm character set utf8mb4;\n"
            f"create user if not exists owner@'127.0.0.1' identified by '{password}';\n"
            "grant all on *.* to owner@'127.0.0.1' with grant option;\n",
            encoding="utf-8",
        )
        first.chmod(0o644)
        command = [
            daemon, "--no-defaults", *as_oneself, f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1",
            f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}", "--skip-name-resolve",
            f"--init-file={first}", "--innodb-flush-log-at-trx-commit=2", "--character-set-server=utf8mb4",
        ]  # fmt: skip
        with _running(Server("mysql", folder, command, port, "owner")) as server:
            yield server


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
