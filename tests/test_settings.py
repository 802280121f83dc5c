"""Settings: a contract, and errors that say which one is wrong and how to set it."""

from pathlib import Path

import pytest

from bot.settings import PREFIX, BadSetting, Settings, load, token


def test_without_any_setting_everything_has_a_default(tmp_path: Path) -> None:
    settings = load({}, data=tmp_path)
    assert settings.database == f"sqlite:///{tmp_path}/belleman.db"
    assert settings.telegram_api_url == "https://api.telegram.org"


def test_a_variable_sets_it_and_a_file_does_too(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("123:abc\n")
    settings = load({f"{PREFIX}BOT_TOKEN_FILE": str(secret), f"{PREFIX}WEBCHAT_PORT": "9"})
    assert token(settings) == "123:abc"
    assert settings.webchat_port == 9


def test_the_token_never_shows() -> None:
    settings = load({f"{PREFIX}BOT_TOKEN": "123:secret", f"{PREFIX}WEBHOOK_SECRET": "hush"})
    assert "secret" not in repr(settings).replace("webhook_secret", "").replace("SecretStr", "")
    assert "hush" not in str(settings)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"WEBCHAT_PORT": "many"}, "BELLEMAN_WEBCHAT_PORT"),
        ({"WEBCHAT_PORT": "99999"}, "BELLEMAN_WEBCHAT_PORT"),
        ({"DATABASE_URL": "mysql://x"}, "BELLEMAN_DATABASE_URL: it must begin with sqlite:/// or postgresql://"),
        ({"WEBHOOK_URL": "https://x"}, "BELLEMAN_WEBHOOK_SECRET: a webhook needs a secret"),
        ({"TELEGRAM_API_URL": "http://x/"}, "BELLEMAN_TELEGRAM_API_URL: it must not end with a slash"),
        ({"BOT_TOKEN_FILE": "/nowhere/token"}, "BELLEMAN_BOT_TOKEN_FILE names /nowhere/token, which cannot be read"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_wrong(environment: dict[str, str], said: str) -> None:
    with pytest.raises(BadSetting, match="BELLEMAN_") as error:
        load({PREFIX + name: value for name, value in environment.items()})
    assert said in str(error.value)


@pytest.mark.parametrize("value", ["", "abc", "123", "123:", ":abc"])
def test_a_missing_or_wrong_token_says_where_to_get_one(value: str) -> None:
    with pytest.raises(BadSetting, match="@BotFather") as error:
        token(load({f"{PREFIX}BOT_TOKEN": value}))
    assert not value or value not in str(error.value).replace("123456:ABC-DEF", "") or value in ("123", "abc", "123:")


def test_every_setting_is_described_and_documented() -> None:
    operating = (Path(__file__).parent.parent / "docs" / "operating.md").read_text()
    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"`{PREFIX}{name.upper()}`" in operating
