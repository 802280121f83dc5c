"""Two clients of one server: each library as it is, over its own HTTP, with a look at what went over the wire."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiogram
import aiohttp
import pytest
import telegram
from aiogram import exceptions as aiogram_errors
from aiogram import methods as aiogram_methods
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile
from pydantic import ValidationError
from telegram import error as telegram_errors
from telegram.request import HTTPXRequest

from bot.webchat import Gateway
from tests.conformance.reading import both_understand


@dataclass(frozen=True)
class File:
    """A file to be sent."""

    data: bytes = field(repr=False)
    name: str = "plan.jpg"


@dataclass(frozen=True)
class Wire:
    """One answer as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def answer(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass(frozen=True)
class Refusal:
    """How the server said no. ``header`` is what Retry-After says."""

    code: int
    text: str
    parameters: Mapping[str, int] = field(default_factory=dict)
    header: str | None = None


class Client(ABC):
    """A bot of one library. Its answers are the library's objects, its errors the library's own."""

    name: str
    errors: Mapping[int, type[Exception]]
    migrated: type[Exception]
    ignored: type[Exception]
    """What is raised when no answer comes."""
    html: type[Exception]
    """What is raised when the answer is a web page."""
    restarting: type[Exception]

    wire: list[Wire]

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.wire = getattr(self, "wire", [])
        self.patience = 20.0
        self.raws = 0
        """How many calls had to go past the library's own checks."""
        self.use(gateway.token)

    @abstractmethod
    def use(self, token: str) -> None:
        """Go on with another token."""

    @abstractmethod
    async def call(self, method: str, **arguments: Any) -> Any:
        """Call by the library's own method; past it where the library refuses by itself."""

    @abstractmethod
    async def raw(self, method: str, **arguments: Any) -> Any:
        """Call past the library's own checks, still over its HTTP and its reading of answers."""

    @abstractmethod
    def tells(self, error: Exception, answer: Mapping[str, Any]) -> bool:
        """Whether the library's error says what the server said."""

    @abstractmethod
    async def close(self) -> None: ...

    async def result(self, method: str, **arguments: Any) -> Any:
        """The result of a call as it came over the wire; both libraries must understand all of it."""
        await self.call(method, **arguments)
        result = self.wire[-1].answer["result"]
        both_understand(method, result)
        return result

    async def refused(self, method: str, **arguments: Any) -> Refusal:
        """How a call was refused."""
        with pytest.raises((aiogram_errors.AiogramError, telegram_errors.TelegramError)) as refusal:
            await self.call(method, **arguments)
        wire, error = self.wire[-1], refusal.value
        answer = wire.answer
        parameters = answer.get("parameters", {})
        code, text = answer["error_code"], answer["description"]
        kind = self.migrated if "migrate_to_chat_id" in parameters else self.errors[code]
        assert (type(error), wire.status, answer["ok"]) == (kind, code, False)
        assert answer.keys() <= {"ok", "error_code", "description", "parameters"}
        assert self.tells(error, answer), error
        return Refusal(code, text, parameters, wire.headers.get("Retry-After"))


class _Session(AiohttpSession):
    """aiogram's session, whose answers are kept; it closes at once, for there is no TLS to say goodbye to."""

    def __init__(self, wire: list[Wire], **options: Any) -> None:
        super().__init__(**options)
        self._trace = aiohttp.TraceConfig()
        self._wire = wire
        self._trace.on_request_end.append(self._keep)
        self._trace.freeze()

    async def create_session(self) -> aiohttp.ClientSession:
        session = await super().create_session()
        if self._trace not in session._trace_configs:
            session._trace_configs.append(self._trace)
        return session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _keep(self, session: Any, context: Any, params: aiohttp.TraceRequestEndParams) -> None:
        body = await params.response.read()
        self._wire.append(Wire(params.response.status, params.response.headers, body))


class Aiogram(Client):
    name = "aiogram"
    errors: Mapping[int, type[Exception]] = {
        400: aiogram_errors.TelegramBadRequest,
        401: aiogram_errors.TelegramUnauthorizedError,
        403: aiogram_errors.TelegramForbiddenError,
        404: aiogram_errors.TelegramNotFound,
        409: aiogram_errors.TelegramConflictError,
        413: aiogram_errors.TelegramEntityTooLarge,
        429: aiogram_errors.TelegramRetryAfter,
        500: aiogram_errors.TelegramServerError,
    }
    migrated = aiogram_errors.TelegramMigrateToChat
    ignored = aiogram_errors.TelegramNetworkError
    html = aiogram_errors.ClientDecodeError
    restarting = aiogram_errors.RestartingTelegram

    def __init__(self, gateway: Gateway) -> None:
        self.wire = []
        self._session = _Session(self.wire, api=TelegramAPIServer.from_base(gateway.url))
        super().__init__(gateway)

    def use(self, token: str) -> None:
        self.bot = aiogram.Bot("1:unused", session=self._session)
        self.bot._Bot__token = token  # type: ignore[attr-defined]  # the library refuses an odd one by itself

    async def call(self, method: str, **arguments: Any) -> Any:
        model = getattr(aiogram_methods, method[0].upper() + method[1:], None)
        try:
            request = model and model(**_with_files(arguments, _aiogram_file))
        except ValidationError:
            request = None
        if request is None:
            return await self.raw(method, **arguments)
        return await self.bot(request, request_timeout=self.patience)  # type: ignore[arg-type]

    async def raw(self, method: str, **arguments: Any) -> Any:
        self.raws += 1
        model: Any = getattr(aiogram_methods, method[0].upper() + method[1:], None)
        if model is None:
            model = type("Unknown", (aiogram_methods.GetMe,), {"__api_method__": method})
        request = model.model_construct(**_with_files(arguments, _aiogram_file))
        return await self.bot(request, request_timeout=self.patience)  # type: ignore[arg-type]

    def tells(self, error: Exception, answer: Mapping[str, Any]) -> bool:
        return str(answer["description"]) in str(error)

    async def close(self) -> None:
        await self.bot.session.close()


class Ptb(Client):
    name = "python-telegram-bot"
    errors: Mapping[int, type[Exception]] = {
        400: telegram_errors.BadRequest,
        401: telegram_errors.InvalidToken,
        403: telegram_errors.Forbidden,
        404: telegram_errors.InvalidToken,
        409: telegram_errors.Conflict,
        413: telegram_errors.NetworkError,
        429: telegram_errors.RetryAfter,
        500: telegram_errors.NetworkError,
    }
    migrated = telegram_errors.ChatMigrated
    ignored = telegram_errors.TimedOut
    html = telegram_errors.NetworkError
    restarting = telegram_errors.NetworkError

    def __init__(self, gateway: Gateway) -> None:
        self._requests: list[HTTPXRequest] = []
        super().__init__(gateway)

    def use(self, token: str) -> None:
        hooks: Any = {"response": [self._keep]}
        options: dict[str, Any] = {"event_hooks": hooks, "verify": False}
        pair = [HTTPXRequest(httpx_kwargs=options) for _ in range(2)]
        self._requests += pair
        base: dict[str, Any] = {"base_url": f"{self.gateway.url}/bot", "base_file_url": f"{self.gateway.url}/file/bot"}
        self.bot = telegram.Bot(token, get_updates_request=pair[0], request=pair[1], **base)

    async def call(self, method: str, **arguments: Any) -> Any:
        own = getattr(self.bot, re.sub(r"([A-Z])", r"_\1", method).lower(), None)
        before = len(self.wire)
        try:
            typed = {name: _ptb_typed(name, value) for name, value in arguments.items()}
            if own is not None:
                return await own(**typed, read_timeout=self.patience)
        except (TypeError, ValueError, AttributeError, KeyError):
            if len(self.wire) > before:
                raise
        return await self.raw(method, **arguments)

    async def raw(self, method: str, **arguments: Any) -> Any:
        self.raws += 1
        data = _with_files(arguments, _ptb_file)
        return await self.bot._do_post(method, data, read_timeout=self.patience)

    def tells(self, error: Exception, answer: Mapping[str, Any]) -> bool:
        parameters = answer.get("parameters", {})
        if isinstance(error, telegram_errors.RetryAfter):
            return bool(error._retry_after.total_seconds() == parameters["retry_after"])
        if isinstance(error, telegram_errors.ChatMigrated):
            return bool(error.new_chat_id == parameters["migrate_to_chat_id"])
        if isinstance(error, telegram_errors.InvalidToken):
            return True
        told = str(error).lower()
        return str(answer["description"]).lower().endswith(told)

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()

    async def _keep(self, response: Any) -> None:
        self.wire.append(Wire(response.status_code, response.headers, await response.aread()))


CLIENTS: Mapping[str, type[Client]] = {"aiogram": Aiogram, "python-telegram-bot": Ptb}


def _with_files(value: Any, made: Any) -> Any:
    if isinstance(value, File):
        return made(value)
    if isinstance(value, dict):
        return {name: _with_files(item, made) for name, item in value.items()}
    return [_with_files(item, made) for item in value] if isinstance(value, list) else value


def _aiogram_file(file: File) -> BufferedInputFile:
    return BufferedInputFile(file.data, file.name)


def _ptb_file(file: File) -> telegram.InputFile:
    return telegram.InputFile(file.data, file.name)


def _ptb_typed(name: str, value: Any) -> Any:
    if name == "media" and isinstance(value, list):
        return [_ptb_media(item) for item in value]
    if name == "media":
        return _ptb_media(value)
    if name == "commands":
        return [telegram.BotCommand(**item) for item in value]
    return _with_files(value, _ptb_file)


def _ptb_media(item: dict[str, Any]) -> telegram.InputMedia:
    kinds: dict[str, type[telegram.InputMedia]] = {
        "photo": telegram.InputMediaPhoto,
        "document": telegram.InputMediaDocument,
    }
    given = {name: value for name, value in item.items() if name not in ("type", "media")}
    media = item["media"]
    if isinstance(media, File):
        media = telegram.InputFile(media.data, media.name, attach=True)
    elif media.startswith("attach://"):
        raise ValueError("this library sends no such reference")
    return kinds[item["type"]](media=media, **given)
