"""The command line: demo, run, migrate, doctor, invite, seed."""

import asyncio
import errno
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from bot import logs
from bot.settings import BadSetting, Settings, load

app = typer.Typer(help="Belleman: a city and its residents decide things together.", no_args_is_help=True)

if TYPE_CHECKING:
    from storage.store import Store

T = TypeVar("T")

USAGE = 2
"""The exit code of a wrong setting, file or argument."""


class Role(StrEnum):
    """What a process can do; all but the web chat by default."""

    conversation = "conversation"
    courier = "courier"
    clock = "clock"
    webchat = "webchat"


ROLES_HELP = (
    "conversation (answers people), courier (writes unasked), clock (jobs), webchat (the page); all but webchat if none"
)


class StaffRole(StrEnum):
    """What somebody of the staff may do."""

    owner = "owner"
    editor = "editor"
    moderator = "moderator"
    viewer = "viewer"


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="The port of the page; 8300 if unset")] = None,
    data: Annotated[Path | None, typer.Option(help="The folder for the demo's database; data/demo if unset")] = None,
    city: Annotated[str, typer.Option(help="lommel or sint-niklaas")] = "lommel",
) -> None:
    """Try it in the browser: a seeded city, no token needed."""
    from bot.moments import VirtualClock
    from bot.running import ROLES, run
    from bot.seeding import DEMO
    from storage.migrating import migrate

    settings = _settings(webchat_port=port, data=data or Path("data") / "demo", database_url="")
    if not (DEMO / city / "city.toml").is_file():
        known = ", ".join(sorted(path.parent.name for path in DEMO.glob("*/city.toml")))
        _fail(f"There is no demo city {city!r}. There are: {known}.")
    settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    settings = settings.model_copy(update={"database_url": f"sqlite:///{settings.data.absolute() / f'{city}.db'}"})
    migrate(settings.database)
    _sow(settings, DEMO / city / "city.toml")
    roles = (*ROLES, "webchat")
    _run(lambda: run(settings, roles, telegram=False, announce=_announce_demo, demo=VirtualClock()))


@app.command()
def run(
    roles: Annotated[list[Role] | None, typer.Argument(metavar="[ROLE]...", help=ROLES_HELP)] = None,
) -> None:
    """Run the bot; without roles everything but the web chat."""
    from bot import running
    from bot.doctor import username
    from bot.settings import token

    settings = _settings()
    chosen = [role.value for role in roles or ()] or list(running.ROLES)
    alone = settings.bot_token is None and "webchat" in chosen
    if not alone:
        _checked(lambda: token(settings))
    _migrated(settings)
    if not alone:
        _checked(lambda: username(settings))
    alone_there = "" if "conversation" in chosen else " (nothing here answers; add the role: conversation)"
    announced = lambda url: _announce(f"The web chat is at {url}/{alone_there}")  # noqa: E731 - one line says it
    _run(lambda: running.run(settings, chosen, telegram=not alone, announce=announced))


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema; safe to run twice."""
    from storage.migrating import migrate as bring

    settings = _settings()
    if not settings.database_url:
        settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    bring(settings.database)
    print("The database is up to date.")


@app.command()
def seed(file: Annotated[Path, typer.Argument(help="The city's file, TOML")]) -> None:
    """Write a city and its projects from a file; safe to run twice."""
    settings = _settings()
    _migrated(settings)
    _sow(settings, file)
    print(f"{file} is in the database.")


@app.command()
def invite(role: Annotated[StaffRole, typer.Option(help="The role to invite to")]) -> None:
    """Print a one-time link that makes whoever opens and confirms it staff; valid for 72 hours."""
    from bot.doctor import username
    from participation.staff import invite as invited

    settings = _settings()
    _migrated(settings)
    payload = f"invite-{_turn(settings, lambda store: invited(store, role.value, datetime.now(UTC)))}"
    name = _checked(lambda: username(settings)) if settings.bot_token else None
    if name is not None:
        print(f"https://t.me/{name}?start={payload}")
    print(f"http://{settings.webchat_host}:{settings.webchat_port}/?start={payload}")


@app.command()
def doctor() -> None:
    """Look at everything that is needed to run, and say how to mend what is not well."""
    from bot.doctor import examine

    well = True
    for finding in examine(_settings()):
        well = well and finding.well
        print(f"{'ok ' if finding.well else 'BAD'}  {finding.name}: {finding.seen}")
        if finding.remedy:
            print(f"     remedy: {finding.remedy}")
    raise typer.Exit(0 if well else 1)


def main() -> None:
    """Run the command line."""
    logs.configure()
    app()


def _settings(**given: object) -> Settings:
    return _checked(lambda: load(dict(os.environ), **given))


def _checked(work: Callable[[], T]) -> T:
    try:
        return work()
    except BadSetting as error:
        _fail(str(error))


def _sow(settings: Settings, file: Path) -> None:
    from bot.seeding import BadSeed, planting
    from participation.seeding import Contradicted

    try:
        _turn(settings, planting(file, datetime.now(UTC)))
    except (BadSeed, Contradicted) as error:
        _fail(str(error))


def _turn(settings: Settings, visit: Callable[["Store"], T]) -> T:
    """One turn on the database of the settings."""
    from storage.database import open_database

    async def take() -> T:
        db = open_database(settings.database)
        try:
            return await db.turn(visit)
        finally:
            await db.close()

    return asyncio.run(take())


def _migrated(settings: Settings) -> None:
    """Stop before anything runs on an old schema."""
    from storage.migrating import missing_migrations

    if not settings.database_url and not settings.data.is_dir():
        _fail(f"The data folder {settings.data} is not there. Run: belleman migrate")
    if missing := missing_migrations(settings.database):
        _fail(f"The database lacks migrations ({', '.join(missing)}). Run: belleman migrate")


def _run(work: Callable[[], Coroutine[object, object, None]]) -> None:
    """Run until told to stop; a port that is taken is said in one line."""
    try:
        asyncio.run(work())
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        _fail(f"{error.strerror}. Choose another port: --port, or the setting that ends in _PORT.")


def _announce_demo(url: str) -> None:
    _announce(f"The demo is at {url}/")
    _announce(f"A resident and a clerk side by side, and a strip to put the clock forward: {url}/demo")


def _announce(sentence: str) -> None:
    print(sentence, flush=True)


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr)
    raise typer.Exit(USAGE)


if __name__ == "__main__":
    main()
