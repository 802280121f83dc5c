"""The fixtures of the browser tests; what they give is in ``tests.browsing``."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browsing import BROWSERS, FLAGS, Program, Stage, Visit, Visitor
from tests.conftest import IN_CI


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo, started once for most tests; told to stop it ends well."""
    started = Program(tmp_path_factory.mktemp("demo"))
    yield started
    assert started.end() == 0


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The web chat without a bot, once for the tests of a module."""
    started = Stage(tmp_path_factory.mktemp("stage") / "chat.db")
    yield started
    started.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser; every visitor has a profile of their own in it."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sentence = f"The page is not tested: none of {', '.join(BROWSERS)} is installed."
        if IN_CI:
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Makes new visitors, of the demo unless another address is given."""
    met: list[Visitor] = []

    def make(language: str = "nl", size: str = "phone", url: str = "", **options: Any) -> Visitor:
        met.append(Visitor(browser, url or request.getfixturevalue("program").url, language, size, **options))
        return met[-1]

    yield make
    for visitor in met:
        visitor.context.close()
