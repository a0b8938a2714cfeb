"""Why a database could not be read, as one sentence in both languages that holds no secret."""

import re
from collections.abc import Iterator

import sqlalchemy as sa

from landing.databases.address import Address
from landing.databases.session import LostConnectionError
from landing.refusal import RefusalError

#: What the drivers say, as SQLSTATE, as error number of MySQL and MariaDB, or as words of the message.
_SIGNS: dict[str, tuple[frozenset[str], frozenset[int], str]] = {
    "unknown_host": (
        frozenset(),
        frozenset({2005}),
        r"could not translate host name|name or service not known|temporary failure in name resolution|getaddrinfo|"
        r"nodename nor servname|no address associated",
    ),
    "login_refused": (
        frozenset({"28P01", "28000"}),
        frozenset({1045, 1698, 2059}),
        r"password authentication failed|access denied for user|no password supplied|no pg_hba.conf entry|"
        r"role .* does not exist|login failed",
    ),
    "bad_option": (
        frozenset(),
        frozenset(),
        r"invalid \S+ value|invalid connection option|unexpected keyword argument",
    ),
    "no_such_database": (
        frozenset({"3D000"}),
        frozenset({1049}),
        r"database \S+ does not exist|unknown database|unable to open database file",
    ),
    "no_such_table": (
        frozenset({"42P01", "3F000"}),
        frozenset({1146}),
        r"no such table|table with name .* does not exist",
    ),
    "no_such_column": (frozenset({"42703"}), frozenset({1054}), r"no such column|referenced column .* not found"),
    "not_permitted": (frozenset({"42501"}), frozenset({1044, 1142, 1143, 1227, 1370}), r"permission denied"),
    "not_read_only": (
        frozenset({"25006"}),
        frozenset({1792}),
        r"read.only transaction|attempt to write a readonly database",
    ),
    "too_slow": (
        frozenset({"57014", "55P03"}),
        frozenset({1205, 1969, 3024}),
        r"statement timeout|max_statement_time|maximum statement execution time",
    ),
    "unreachable": (
        frozenset({"08000", "08001", "08003", "08004", "08006", "53300", "57P01", "57P02", "57P03"}),
        frozenset({1040, 1053, 1077, 1079, 1080, 1152, 1184, 1927, 2002, 2003, 2006, 2013, 2014, 2055}),
        r"connection refused|connection to server at .* failed|connection reset|server closed the connection|"
        r"lost connection|"
        r"timed out|timeout expired|no connection to the server|terminating connection|server has gone away|"
        r"could not receive data|the database system is|not connected|broken pipe|ssl syscall error",
    ),
}

_SENTENCES: dict[str, tuple[str, str]] = {
    "unknown_host": (
        "the host of its address is not known; check the host in {variable} and the name service",
        "地址中的主机名无法解析，请检查 {variable} 中的主机名和域名服务",
    ),
    "login_refused": (
        "the login was refused; check user and password in {variable}",
        "登录被拒绝，请检查 {variable} 中的用户名和密码",
    ),
    "bad_option": (
        "an option of its address is not understood; check {variable}",
        "地址中的选项无法识别，请检查 {variable}",
    ),
    "no_such_database": (
        "the server has no database of the name in {variable}",
        "服务器上没有 {variable} 指定的数据库",
    ),
    "no_such_table": (
        "a table does not exist, or the login may not see it; check table or query in the mapping",
        "表不存在或该用户无权查看，请检查映射中的 table 或 query",
    ),
    "no_such_column": (
        "a column does not exist; check query, key and watermark in the mapping",
        "列不存在，请检查映射中的 query、key 和 watermark",
    ),
    "not_permitted": (
        "the login may not read this; grant it select on the tables that the entry names",
        "该用户没有读取权限，请授予相应表的 select 权限",
    ),
    "not_read_only": (
        "the query would change something, and extracts only read; use a select without side effects",
        "查询会修改数据，而抽取只允许读取，请使用无副作用的 select",
    ),
    "too_slow": (
        "reading took longer than {seconds:g} seconds and was stopped; read less at a time (watermark), "
        "or raise AFTERCARE_EXTRACT_SECONDS",
        "读取超过 {seconds:g} 秒，已终止，请使用 watermark 减少读取量，或调大 AFTERCARE_EXTRACT_SECONDS",
    ),
    "unreachable": (
        "the server cannot be reached or the connection broke; nothing of this attempt was kept, the next run reads it",
        "无法连接服务器或连接中断，本次读取的内容全部丢弃，下次运行时重新读取",
    ),
    "no_driver": (
        "the driver of its address is not installed; install the Python package of its SQLAlchemy dialect",
        "未安装该地址所需的驱动，请安装对应 SQLAlchemy 方言的 Python 包",
    ),
    "database_failed": (
        "the database answered with an error",
        "数据库返回错误",
    ),
}


def refusal_of(error: BaseException, address: Address, words: str, variable: str, seconds: float) -> RefusalError:
    """Return what happened as a refusal; `words` says which table or query was being read, empty for none."""
    code = _code_of(error)
    english, chinese = _SENTENCES[code]
    said = address.scrub(_first_line(error))
    values = {"variable": variable, "seconds": seconds}
    place_en = f"database {address.name}, {words}" if words else f"database {address.name}"
    place_zh = f"数据库 {address.name}，{words}" if words else f"数据库 {address.name}"
    return RefusalError(
        code,
        f"{place_en}: {english.format(**values)} ({said})",
        f"{place_zh}：{chinese.format(**values)}（{said}）",
    )


def is_lost(refusal: RefusalError) -> bool:
    """True when the connection is gone: what was read through it is not kept, and trying again may help."""
    return refusal.code == "unreachable"


def _code_of(error: BaseException) -> str:
    if isinstance(error, sa.exc.NoSuchModuleError | ImportError):
        return "no_driver"
    if isinstance(error, LostConnectionError) or getattr(error, "connection_invalidated", False):
        return "unreachable"
    states, numbers = set(), set()
    for part in _chain(error):
        states.add(str(getattr(part, "sqlstate", None) or ""))
        arguments = getattr(part, "args", ())
        if arguments and isinstance(arguments[0], int):
            numbers.add(arguments[0])
    message = str(error).lower()
    for code, (known_states, known_numbers, words) in _SIGNS.items():
        if not known_states.isdisjoint(states) or not known_numbers.isdisjoint(numbers) or re.search(words, message):
            return code
    return "unreachable" if isinstance(error, OSError) else "database_failed"


def _chain(error: BaseException) -> Iterator[BaseException]:
    yield error
    original = getattr(error, "orig", None)
    if isinstance(original, BaseException):
        yield original


def _first_line(error: BaseException) -> str:
    """The driver's own words without SQL, parameters and links."""
    original = getattr(error, "orig", None) or error
    arguments: tuple[object, ...] = getattr(original, "args", ())
    text = str(arguments[1]) if len(arguments) > 1 and isinstance(arguments[0], int) else str(original)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0].removeprefix("IO: ").removeprefix("[libpq] ") if lines else type(error).__name__
