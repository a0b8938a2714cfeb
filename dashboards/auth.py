"""Who is looking. Every query asks here and nowhere else."""

from warehouse.scope import Scope


def current_scope() -> Scope:
    """Return the rows that the present reader may see: all of them.

    There are no users yet, so the server listens on loopback only (`.streamlit/config.toml`); whoever reaches it is
    the person at this machine. When users arrive, this function is the one place that changes.
    """
    return Scope.everything()
