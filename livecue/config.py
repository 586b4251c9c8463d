"""Settings: defaults, then ``livecue.toml``, then ``LIVECUE_*`` in the environment. For ``app`` and ``cli`` only."""

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from livecue.errors import BadInput

_STORE = frozenset({"dsn", "installation", "nats", "nats_prefix", "nats_replicas", "nats_creds", "nats_max_mb"})


class Settings(BaseSettings):
    """What can be set. Secrets of integrations are kept apart, in files only the owner reads."""

    model_config = SettingsConfigDict(env_prefix="LIVECUE_", extra="forbid")

    data: Path = Field(default=Path("livecue-data"), description="folder of database and exports")
    host: str = Field(default="127.0.0.1", description="address to listen on; loopback unless --lan")
    hosts: str = Field(
        default="", description="names besides loopback by which it may be called, comma-separated (a TLS proxy's)"
    )
    port: int = Field(default=8642, ge=1, le=65535, description="port to listen on")
    org: str = Field(default="main", min_length=1, description="id of the first organisation")
    brand: str = Field(default="main", min_length=1, description="id of the first brand")
    language: str = Field(default="zh", pattern="^(zh|en)$", description="language of the first sign-in")
    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="how much the log says: debug to error"
    )
    store_dsn: SecretStr = Field(
        default=SecretStr(""),
        description="PostgreSQL to keep everything in, postgresql://user:password@host:5432/database; '' is a file in"
        " the data folder. Also `dsn` under [store]",
    )
    store_installation: str = Field(
        default="",
        pattern=r"^[0-9A-Za-z_-]{0,64}$",
        description="id of the installation this program is a part of, when its data folder is new. Also `installation`"
        " under [store]",
    )
    store_nats: SecretStr = Field(
        default=SecretStr(""),
        description="NATS servers for the journal, nats://user:password@host:4222, several with commas between; ''"
        " keeps the journal in the database. Needs store_dsn. Also `nats` under [store]",
    )
    store_nats_prefix: str = Field(
        default="livecue",
        pattern=r"^[0-9A-Za-z-]{1,32}$",
        description="begins the names of all streams and subjects; another one for every installation on the same"
        " servers. Also `nats_prefix` under [store]",
    )
    store_nats_replicas: int = Field(
        default=1,
        ge=1,
        le=5,
        description="how many servers of the cluster keep every batch: 1, 3 or 5. Also `nats_replicas` under [store]",
    )
    store_nats_creds: str = Field(
        default="", description="file of NATS credentials (JWT); '' is none. Also `nats_creds` under [store]"
    )
    store_nats_max_mb: int = Field(
        default=0,
        ge=0,
        description="bound of one room's stream, MB; a full one refuses what is new and loses nothing; 0 is none. Also"
        " `nats_max_mb` under [store]",
    )
    history_place: str = Field(
        default="",
        description="where closed shows are kept as Parquet: a folder, or s3://bucket/prefix; '' is `history` in the"
        " data folder",
    )
    history_endpoint: str = Field(
        default="", description="address of object storage other than AWS, https://host:port; '' is AWS"
    )
    history_region: str = Field(default="", description="region of the bucket; '' is us-east-1")
    history_key: SecretStr = Field(
        default=SecretStr(""), description="access key of object storage; set it as LIVECUE_HISTORY_KEY"
    )
    history_secret: SecretStr = Field(default=SecretStr(""), description="its secret; set it as LIVECUE_HISTORY_SECRET")
    history_keep_days: int | None = Field(
        default=None,
        ge=0,
        le=3650,
        description="days that the journal of a closed show stays in the database after it was written as Parquet; none"
        " is the preset",
    )
    roles: str = Field(
        default="intake,pump,runner,web",
        pattern=r"^(intake|pump|runner|web)(\s*,\s*(intake|pump|runner|web))*$",
        description="what this program does, comma-separated: intake takes events in, pump folds rooms, runner performs"
        " actions, web serves the screens. Less than all needs PostgreSQL",
    )
    transcription_url: str = Field(default="", description="OpenAI-compatible transcription address; '' is none")
    transcription_model: str = Field(
        default="whisper-1", description="model name the transcription address is asked for"
    )
    transcription_key: SecretStr = Field(
        default=SecretStr(""), description="its key; set it as LIVECUE_TRANSCRIPTION_KEY"
    )
    language_model_url: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="OpenAI-compatible chat address, https://host/v1/chat/completions, that words answers to customers"
        " out of known facts; '' is none, and nothing leaves this machine",
    )
    language_model_name: str = Field(default="", description="model name the language model address is asked for")
    language_model_key: SecretStr = Field(
        default=SecretStr(""), description="its key; set it as LIVECUE_LANGUAGE_MODEL_KEY"
    )
    log_format: str = Field(
        default="text", pattern="^(text|json)$", description="text for people, json (one object a line) for collectors"
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="opens /metrics for Prometheus; '' keeps it shut; LIVECUE_METRICS_TOKEN"
    )
    trace_endpoint: str = Field(
        default="",
        description="where OpenTelemetry traces go (OTLP over HTTP), http://host:4318/v1/traces; '' is off. Needs the"
        " extra otel",
    )
    most_behind: int = Field(
        default=400_000,
        ge=1_000,
        description="events that may wait to be counted; above it senders are answered 429 with a time to wait. In a"
        " room that another program owns a million may wait",
    )
    body_mb: int = Field(default=32, ge=1, le=1024, description="largest request body of the bridge, MB")
    body_timeout_s: float = Field(default=20.0, gt=0, description="a sender that needs longer for one body is let go")

    @model_validator(mode="before")
    @classmethod
    def _store(cls, given: Any) -> Any:
        """``[store]`` of the file is another spelling of ``store_*``, which the environment may override."""
        section = given.pop("store", None) if isinstance(given, dict) else None
        if section is None:
            return given
        if not isinstance(section, dict) or not section.keys() <= _STORE:
            raise ValueError(f"[store] takes {', '.join(sorted(_STORE))}")
        return {f"store_{name}": value for name, value in section.items()} | given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, cls.model_config.get("toml_file"))

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "livecue.db"


def _nearest(name: str) -> str:
    known = list(Settings.model_fields)
    near = difflib.get_close_matches(name.lower().replace("-", "_"), known, 1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"


def load_settings(config: Path | None = None, **given: Any) -> Settings:
    """Settings with ``given`` (the command line) on top. Raises ``BadInput`` that names the setting and the fault."""
    path = config or Path("livecue.toml")
    if config is not None and not config.is_file():
        raise BadInput(f"{config} does not exist")

    class FromFile(Settings):
        model_config = SettingsConfigDict(env_prefix="LIVECUE_", extra="forbid", toml_file=path)

    try:
        found = FromFile(**{name: value for name, value in given.items() if value is not None})
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise BadInput(f"{path}: there is no setting {name!r}; {_nearest(name)}") from error
        raise BadInput(
            f"setting {name!r}: {first['msg']} (in {path}, LIVECUE_{name.upper()} or on the command line)"
        ) from error
    return Settings.model_construct(**found.model_dump())
