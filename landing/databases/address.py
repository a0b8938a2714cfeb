"""Where a database is and how to log in: from the environment only, and never repeated in a message."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import sqlalchemy as sa

from landing.refusal import RefusalError

_HIDDEN = "***"
_OWN_DRIVERS = {"mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql", "postgres": "postgresql"}


@dataclass(frozen=True)
class Address:
    """A database by name; `url` holds the password, so it is never shown."""

    name: str
    url: sa.URL = field(repr=False)

    @property
    def backend(self) -> str:
        return self.url.get_backend_name()

    def scrub(self, text: str) -> str:
        """Return a text of the driver without the password and whatever else the address holds as a secret."""
        secrets = [self.url.password or ""]
        secrets += [value for key, value in _flat(self.url.query) if _is_secret(key)]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            for written in (secret, quote(secret, safe=""), quote_plus(secret), secret.replace("'", "\\'")):
                text = text.replace(written, _HIDDEN)
        return text


def variable_of(name: str) -> str:
    """Return the environment variable that holds the address of a database."""
    return f"AFTERCARE_DATABASE_{name.upper()}"


def find_address(name: str, environment: Mapping[str, str] | None = None) -> Address:
    """Return the address of a database.

    `AFTERCARE_DATABASE_<NAME>` is an SQLAlchemy URL. The password may stand in it, in
    `AFTERCARE_DATABASE_<NAME>_PASSWORD`, or in the file that `AFTERCARE_DATABASE_<NAME>_PASSWORD_FILE` names. Raises
    RefusalError, with no part of the URL in it, when there is no address or it cannot be understood.
    """
    environment = os.environ if environment is None else environment
    variable = variable_of(name)
    text = environment.get(variable, "").strip()
    if not text:
        raise RefusalError(
            "no_address",
            f"database {name}: the environment variable {variable} is not set; set it to the address, such as "
            "postgresql://reader@host:5432/crm",
            f"数据库 {name}：未设置环境变量 {variable}，请设为数据库地址，例如 postgresql://reader@host:5432/crm",
        )
    url = _parsed(text)
    if url is None:
        # the parser's message repeats the text, and with it the password
        raise RefusalError(
            "bad_address",
            f"database {name}: {variable} is no SQLAlchemy URL; it looks like postgresql://user@host:5432/database, "
            "with special characters of the password written as %40",
            f"数据库 {name}：{variable} 不是有效的 SQLAlchemy 地址，格式如 postgresql://user@host:5432/database，"
            "密码中的特殊字符需写成 %40 的形式",
        )
    password = _password(name, variable, environment)
    if password is not None:
        url = url.set(password=password)
    scheme = url.drivername
    return Address(name, url.set(drivername=_OWN_DRIVERS.get(scheme, scheme)))


def _parsed(text: str) -> sa.URL | None:
    try:
        return sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        return None


def _password(name: str, variable: str, environment: Mapping[str, str]) -> str | None:
    file = environment.get(f"{variable}_PASSWORD_FILE")
    if not file:
        return environment.get(f"{variable}_PASSWORD")
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        pass
    raise RefusalError(
        "bad_address",
        f"database {name}: the file that {variable}_PASSWORD_FILE names cannot be read",
        f"数据库 {name}：无法读取 {variable}_PASSWORD_FILE 指定的文件",
    )


def _flat(query: Mapping[str, tuple[str, ...] | str]) -> list[tuple[str, str]]:
    pairs = []
    for key, value in query.items():
        pairs += [(key, one) for one in ((value,) if isinstance(value, str) else value)]
    return pairs


def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in ("pass", "secret", "token", "key"))
