"""The SQLAlchemy dialect through which Great Expectations reads DuckDB, and nothing else.

Great Expectations fetches a result after it handed the connection back to the pool; the rollback of that hand-over
discards DuckDB's pending result, and every metric fails with "list index out of range". The gates only read, so
transactions may do nothing. `tests/unit/data_quality/test_duckdb_dialect.py` notices when either side changes.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from duckdb_sqlalchemy import Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL

from warehouse.settings import Settings


class GateDialect(Dialect):
    """DuckDB without transactions, for a connection that never writes."""

    driver = "gate"
    supports_statement_cache = False

    def do_begin(self, dbapi_connection: Any) -> None:
        pass

    def do_commit(self, dbapi_connection: Any) -> None:
        pass

    def do_rollback(self, dbapi_connection: Any) -> None:
        pass


def register_dialect() -> None:
    """Make `duckdb+gate://` known to SQLAlchemy; calling it again changes nothing."""
    registry.register("duckdb.gate", __name__, "GateDialect")


def gate_url(path: Path, settings: Settings) -> str:
    """Return the address of a DuckDB file for the gates: read-only, without access to files, network or settings."""
    options = {
        "access_mode": "READ_ONLY",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "enable_external_access": "false",
        "memory_limit": settings.memory_limit,
        "temp_directory": str(settings.temp_dir),
        "threads": str(settings.threads),
        "lock_configuration": "true",
    }
    return f"{URL.create('duckdb+gate', database=str(path.absolute())).render_as_string()}?{urlencode(options)}"
