"""The doctor, against the gateway as Telegram."""

import asyncio
from pathlib import Path

import pytest

from bot.doctor import Finding, examine
from bot.settings import load
from bot.webchat import Gateway
from storage.database import Database, open_database
from tests.conftest import Engines


@pytest.fixture
def engine() -> str:
    return "sqlite"


async def look(**settings: object) -> dict[str, Finding]:
    found = await asyncio.to_thread(lambda: list(examine(load({}, **settings))))
    return {one.name: one for one in found}


async def test_with_everything_in_order_all_is_well(engines: Engines, db: Database) -> None:
    gateway = Gateway(db)
    await gateway.start()
    try:
        found = await look(bot_token=gateway.token, telegram_api_url=gateway.url, database_url=engines.fresh("sqlite"))
    finally:
        await gateway.close()
    assert [one for one in found.values() if not one.well] == [
        Finding("city", False, "there is none yet", "run: belleman seed FILE")
    ]
    assert set(found) >= {"database", "migrations", "token", "clock", "webhook", "language nl"}
    assert found["token"].seen.startswith("@")


async def test_a_wrong_token_and_a_webhook_that_is_elsewhere_are_found(engines: Engines, db: Database) -> None:
    gateway = Gateway(db)
    await gateway.start()
    url = engines.fresh("sqlite")
    try:
        wrong = await look(bot_token="1:wrong", telegram_api_url=gateway.url, database_url=url)
        elsewhere = await look(
            bot_token=gateway.token,
            telegram_api_url=gateway.url,
            database_url=url,
            webhook_url="https://city.example/hook",
            webhook_secret="s",
        )
    finally:
        await gateway.close()
    assert "/token" in wrong["token"].remedy
    assert elsewhere["webhook"].seen == "set to nothing, wanted https://city.example/hook"


async def test_a_telegram_that_cannot_be_reached_is_said(engines: Engines) -> None:
    found = await look(bot_token="1:x", telegram_api_url="http://127.0.0.1:9", database_url=engines.fresh("sqlite"))
    assert not found["telegram"].well
    assert "http://127.0.0.1:9" in found["telegram"].remedy


async def test_a_database_that_is_not_migrated_or_not_there_is_said(tmp_path: Path) -> None:
    old = await look(database_url=f"sqlite:///{tmp_path / 'new.db'}")
    assert old["migrations"].remedy == "run: belleman migrate"
    away = await look(database_url="postgresql://nobody@127.0.0.1:9/x")
    assert not away["database"].well


def test_a_data_folder_that_others_can_read_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    found = {one.name: one for one in examine(load({}, data=tmp_path))}
    assert found["data folder"].remedy == f"chmod 750 {tmp_path}"


async def test_open_database_gives_the_engine_of_its_address(engines: Engines) -> None:
    for engine in ("sqlite", "postgresql"):
        db = open_database(engines.fresh(engine))
        assert db.dialect == engine
        await db.close()
