"""One place for every setting: environment variables `AFTERCARE_…`, then `aftercare.toml`, then the defaults below."""

import os
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from warehouse.errors import SettingsError

#: The checkout; the packages are installed editable from it (architecture.md, "Folders").
CHECKOUT = Path(__file__).resolve().parents[1]

Language = Literal["zh-CN", "en"]


class Settings(BaseSettings):
    """Where things lie and how large they may grow.

    All folders below `home` are created on first use. Sizes are DuckDB sizes (`2GB`), times are seconds.
    """

    model_config = SettingsConfigDict(env_prefix="AFTERCARE_", extra="forbid", frozen=True)

    home: Path = Field(default=Path(".aftercare"), description="Everything that a run writes")
    landing: Path | None = Field(default=None, description="Folder that extracts arrive in; default home/landing")
    sources: Path = Field(default=CHECKOUT / "sources", description="Folder of mappings, or one mapping file")
    seeds: Path = Field(default=CHECKOUT / "seeds", description="Reference data of the company")
    zone: str = Field(default="Asia/Shanghai", description="Company time zone (IANA name)")
    calendar_id: str = Field(default="CN", description="Company calendar in seeds/working_days.csv")
    currency: str = Field(default="CNY", description="Company currency (ISO 4217)")
    language: Language = Field(default="zh-CN", description="Language of pages and reports")
    fiscal_year_start: int = Field(default=1, ge=1, le=12, description="First month of the fiscal year")
    threads: int = Field(default_factory=lambda: os.cpu_count() or 2, ge=1)
    memory_limit: str = Field(default="4GB", description="DuckDB memory of the one process that builds")
    reader_memory_limit: str = Field(default="2GB", description="DuckDB memory of pages and queries")
    increment_rows: int = Field(
        default=1_000_000, ge=0, description="From so many landed rows on a refresh builds only what changed"
    )
    keep_builds: int = Field(default=5, ge=2, description="Published builds kept for rollback")
    keep_month_ends: int = Field(default=36, ge=0, description="Month ends whose build is kept beside those")
    parse_seconds: int = Field(default=600, ge=1, description="Longest time that parsing one file may take")
    parse_memory: int = Field(default=4 << 30, ge=64 << 20, description="Bytes of memory that parsing may take")
    extract_seconds: int = Field(
        default=3600, ge=1, description="Longest time that reading one table or query may take"
    )
    pseudonym_key: str | None = Field(default=None, repr=False, description="Key of pseudonyms; default home/secrets")

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{zone!r} is no IANA time zone") from error
        return zone

    @field_validator("home", "landing", "sources", "seeds")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path("aftercare.toml")))

    @cached_property
    def landing_dir(self) -> Path:
        return self.landing or self.home / "landing"

    @cached_property
    def extracts_dir(self) -> Path:
        return self.home / "extracts"

    @cached_property
    def archive_dir(self) -> Path:
        return self.home / "archive"

    @cached_property
    def warehouse_file(self) -> Path:
        return self.home / "warehouse.duckdb"

    @cached_property
    def build_dir(self) -> Path:
        return self.home / "build"

    @cached_property
    def published_dir(self) -> Path:
        return self.home / "published"

    @cached_property
    def current_pointer(self) -> Path:
        return self.home / "current.json"

    @cached_property
    def operations_file(self) -> Path:
        return self.home / "operations.sqlite"

    @cached_property
    def secrets_dir(self) -> Path:
        return self.home / "secrets"

    @cached_property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @cached_property
    def log_dir(self) -> Path:
        return self.home / "logs"

    @cached_property
    def temp_dir(self) -> Path:
        return self.home / "temp"

    @cached_property
    def dbt_dir(self) -> Path:
        return self.home / "dbt"

    @cached_property
    def dbt_workplace(self) -> Path:
        return self.dbt_dir / "workplace"

    def make_folders(self) -> None:
        """Create the folders below home that every run needs."""
        for folder in (
            self.landing_dir, self.archive_dir, self.build_dir, self.published_dir, self.secrets_dir,
            self.dagster_home, self.log_dir, self.temp_dir, self.dbt_dir,
        ):  # fmt: skip
            folder.mkdir(parents=True, exist_ok=True)
        self.secrets_dir.chmod(0o700)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; raises SettingsError with one sentence for each wrong value."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"aftercare.toml is no TOML: {error}") from error
    except ValidationError as error:
        parts = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SettingsError(f"settings are wrong: {'; '.join(parts)}") from error
