"""Settings: what a technician decides, from the environment. What the city decides is in its City record."""

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "BELLEMAN_"


class BadSetting(Exception):
    """A setting is missing or wrong; the message says which, and how to set it."""


class Settings(BaseSettings):
    """Every setting; each is also read from a file named by the same variable with ``_FILE`` at its end."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    bot_token: SecretStr | None = Field(None, description="The token that @BotFather gave, such as 123456:ABC...")
    telegram_api_url: str = Field("https://api.telegram.org", description="Where the Bot API is")
    data: Path = Field(Path("data"), description="The folder of the SQLite database")
    database_url: str = Field("", description="sqlite:///path or postgresql://...; SQLite in the data folder if unset")
    webhook_url: str = Field("", description="The public https address of the webhook; long polling if unset")
    webhook_secret: SecretStr | None = Field(None, description="1 to 256 of A-Z a-z 0-9 _ - that Telegram repeats")
    webhook_port: int = Field(8080, ge=0, le=65535, description="The local port of the webhook")
    webhook_host: str = Field("0.0.0.0", description="The local address of the webhook")  # noqa: S104 - in a container
    webchat_port: int = Field(8300, ge=0, le=65535, description="The local port of the web chat")
    webchat_host: str = Field("127.0.0.1", description="The local address of the web chat")
    webchat_url: str = Field("", description="The public https address of the web chat; for links that lead there")
    webchat_proxies: int = Field(0, ge=0, le=9, description="How many proxies of yours stand before the web chat")
    webchat_visitors: int = Field(200, ge=0, description="New visitors in ten minutes from one address; 0: no limit")
    metrics_port: int = Field(0, ge=0, le=65535, description="The local port of Prometheus metrics; 0 for none")

    @property
    def database(self) -> str:
        """The database's address; SQLite in the data folder unless another was set."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'belleman.db'}"

    @model_validator(mode="after")
    def _check(self) -> "Settings":
        if self.database_url and not self.database_url.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("database_url: it must begin with sqlite:/// or postgresql://")
        if self.webhook_url and self.webhook_secret is None:
            raise ValueError("webhook_secret: a webhook needs a secret, so that nobody else can post updates")
        for name in ("telegram_api_url", "webchat_url"):
            if getattr(self, name).endswith("/"):
                raise ValueError(f"{name}: it must not end with a slash")
        return self


def load(environment: dict[str, str], **given: Any) -> Settings:
    """The settings of an environment; ``given`` wins. BadSetting names what is wrong."""
    values: dict[str, Any] = {}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        if path := environment.get(f"{variable}_FILE"):
            values[name] = _read(variable, path)
        elif environment.get(variable):
            values[name] = environment[variable]
    try:
        return Settings.model_validate(values | {name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise BadSetting("\n".join(_explain(one) for one in error.errors())) from None


def token(settings: Settings) -> str:
    """The bot's token; BadSetting when it is missing or cannot be one."""
    if settings.bot_token is None:
        raise BadSetting(
            f"{PREFIX}BOT_TOKEN is not set. Ask @BotFather on Telegram for a bot (/newbot) and set the token that it"
            " gives, such as 123456:ABC-DEF. To try Belleman without Telegram: belleman demo"
        )
    value = settings.bot_token.get_secret_value().strip()
    number, _, secret = value.partition(":")
    if not number.isdigit() or not secret:
        raise BadSetting(
            f"{PREFIX}BOT_TOKEN is no token: it has the form 123456:ABC-DEF. Copy it anew from @BotFather."
        )
    return value


def _read(variable: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise BadSetting(f"{variable}_FILE names {path}, which cannot be read: {error.strerror}") from None


def _explain(error: Any) -> str:
    """One wrong setting as a sentence: its variable, what is wrong, what it is for."""
    message = error["msg"].removeprefix("Value error, ")
    name = str(error["loc"][0]) if error["loc"] else message.partition(":")[0]
    message = message.partition(": ")[2] or message if not error["loc"] else message
    described = Settings.model_fields[name].description if name in Settings.model_fields else ""
    return f"{PREFIX}{name.upper()}: {message}. ({described}.)"
