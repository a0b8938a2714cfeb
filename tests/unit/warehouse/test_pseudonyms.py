"""Pseudonyms in SQL are HMAC-SHA256, as Python's hmac module computes it."""

import hmac
import os
import stat
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.errors import SettingsError
from warehouse.pseudonyms import load_key, pseudonym_sql
from warehouse.settings import load_settings

_CONNECTION = duckdb.connect()


def in_sql(kind: str, key_text: str, value: str | None) -> str | None:
    key = load_key(load_settings(pseudonym_key=key_text))
    sql = pseudonym_sql(kind, "value", "$inner", "$outer")
    row = _CONNECTION.execute(
        f"select {sql} from (select $value::varchar as value)",
        {"inner": key.inner_hex, "outer": key.outer_hex, "value": value},
    ).fetchone()
    assert row is not None
    return row[0]


@given(
    key=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=16, max_size=64),
    value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80),
    kind=st.sampled_from(["customer", "employee"]),
)
def test_equals_hmac_sha256(key, value, kind):
    digest = hmac.new(key.encode(), f"{kind}:{value}".encode(), "sha256").hexdigest()
    prefix = {"customer": "cus_", "employee": "emp_"}[kind]
    assert in_sql(kind, key, value) == prefix + digest[:20]


def test_null_stays_null_and_kinds_and_keys_differ():
    key = "0123456789abcdef"
    assert in_sql("customer", key, None) is None
    assert in_sql("customer", key, "1")[4:] != in_sql("employee", key, "1")[4:]
    assert in_sql("customer", key, "1") != in_sql("customer", key + "x", "1")


def test_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    settings = load_settings(home=tmp_path)
    key = load_key(settings)
    assert load_key(settings) == key
    path = settings.secrets_dir / "pseudonym.key"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600  # noqa: PTH116
    assert len(path.read_text(encoding="ascii")) == 64
    assert key.inner_hex not in repr(key)


@pytest.mark.parametrize("key", ["short", "x" * 65, ""])
def test_wrong_key_is_refused(key, tmp_path):
    with pytest.raises(SettingsError, match="the pseudonym key is"):
        load_key(load_settings(home=tmp_path, pseudonym_key=key))
