"""The command line, as a technician types it."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.webchat import Gateway
from storage.database import open_database
from tests.conftest import Engines

ROOT = Path(__file__).parent.parent


def belleman(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BELLEMAN_")}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, timeout=60)


def test_run_without_a_token_says_which_setting_and_how(tmp_path: Path) -> None:
    done = belleman("run", BELLEMAN_DATA=str(tmp_path))
    assert done.returncode == 2
    assert "BELLEMAN_BOT_TOKEN is not set." in done.stderr
    assert "Traceback" not in done.stderr


def test_run_on_an_old_database_says_to_migrate(tmp_path: Path) -> None:
    done = belleman("run", BELLEMAN_DATA=str(tmp_path), BELLEMAN_BOT_TOKEN="1:x")
    assert done.returncode == 2
    assert "Run: belleman migrate" in done.stderr


def test_migrate_and_seed_are_safe_to_run_twice(tmp_path: Path) -> None:
    file = str(ROOT / "bot" / "demo" / "lommel" / "city.toml")
    for _ in range(2):
        assert belleman("migrate", BELLEMAN_DATA=str(tmp_path / "data")).returncode == 0
        done = belleman("seed", file, BELLEMAN_DATA=str(tmp_path / "data"))
        assert (done.returncode, done.stdout) == (0, f"{file} is in the database.\n")


def test_seeding_a_file_with_mistakes_names_the_key_and_the_line(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text('[city]\nkey = "x"\nname = {nl="X"}\ndefault_language = "nl"\ntime_zone = "Europe/Brusels"\n')
    belleman("migrate", BELLEMAN_DATA=str(tmp_path))
    done = belleman("seed", str(file), BELLEMAN_DATA=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith(f"{file}:5: city.time_zone: this time zone is not known")


def test_the_doctor_names_a_remedy_for_everything_that_is_not_well(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    done = belleman("doctor", BELLEMAN_DATA=str(folder))
    assert done.returncode == 1
    assert "remedy: chmod 750" in done.stdout
    assert "remedy: run: belleman migrate" in done.stdout
    assert "BELLEMAN_BOT_TOKEN is not set." in done.stdout


def test_an_unknown_demo_city_says_which_there_are(tmp_path: Path) -> None:
    done = belleman("demo", "--city", "gent", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "There are: lommel, sint-niklaas." in done.stderr


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = belleman("demo", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path))
    assert done.returncode == 2
    assert "Choose another port" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_token_that_telegram_refuses_is_said_before_anything_runs(engines: Engines) -> None:
    db = open_database(engines.fresh("sqlite"))
    gateway = Gateway(db)
    await gateway.start()
    try:
        done = await asyncio.to_thread(
            belleman,
            "run",
            BELLEMAN_DATABASE_URL=engines.fresh("sqlite"),
            BELLEMAN_BOT_TOKEN="1:wrong",
            BELLEMAN_TELEGRAM_API_URL=gateway.url,
        )
    finally:
        await gateway.close()
        await db.close()
    assert done.returncode == 2
    assert "BELLEMAN_BOT_TOKEN: Telegram says: Unauthorized" in done.stderr


@pytest.mark.parametrize("engine", ["postgresql"])
def test_postgresql_is_migrated_and_seeded_by_its_plain_address(engines: Engines, engine: str) -> None:
    done = belleman("seed", "bot/demo/sint-niklaas/city.toml", BELLEMAN_DATABASE_URL=engines.fresh(engine))
    assert done.returncode == 0, done.stderr
