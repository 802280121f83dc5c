"""The demo's stage: a resident and a clerk side by side, and a strip that shows what the promises mean."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.moments import VirtualClock
from bot.webchat import arguments
from bot.webchat.addresses import check_own
from bot.webchat.api import Api, answered
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import ApiError, BadRequestError
from bot.webchat.faults import Fault
from bot.webchat.pages import Asset
from bot.webchat.troubles import Troubles
from participation import staff
from storage.webchat_tables import Chat

_FOLDER = Path(__file__).parent / "stage"
_FARTHEST = 24 * 366
"""Hours that the clock is put forward at once, at most."""

WEATHERS = {
    "fine": (),
    "slow": (Fault("slow", times=None, seconds=3),),
    "down": (Fault("html", times=None),),
}
"""What the network between the bot and its channel is like."""


class Stage:
    """Serves ``/demo`` and does what its strip asks."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._weather = "fine"
        self._doings: dict[str, Callable[[Api, Arguments], None]] = {"forward": self._forward, "weather": self._change}

    def add_to(self, app: web.Application, api: Api) -> None:
        """Register the stage's page and its doings."""

        async def state(request: web.Request) -> web.StreamResponse:
            return web.json_response(self._told())

        async def act(request: web.Request) -> web.StreamResponse:
            try:
                check_own(request)
                return web.json_response(await self._act(api, request.match_info["do"], await arguments.read(request)))
            except ApiError as error:
                return answered(error.answer())

        for path in sorted(_FOLDER.iterdir()):
            app.router.add_get("/demo" if path.name == "index.html" else f"/demo/{path.name}", Asset(path).serve)
        app.router.add_get("/demo/state", state)
        app.router.add_post("/demo/{do}", act)

    async def _act(self, api: Api, do: str, given: Arguments) -> Body:
        if do == "again":
            return self._told() | {"again": await api.visit(_again)}
        if do not in self._doings:
            raise ApiError(404)
        self._doings[do](api, given)
        api.signals.wake_all()
        return self._told()

    def _told(self) -> Body:
        return {"now": int(self._clock().timestamp()), "weather": self._weather}

    def _forward(self, api: Api, given: Arguments) -> None:
        hours = given.integer("hours")
        if not 0 < hours <= _FARTHEST:
            raise BadRequestError("the clock goes forward by 1 hour to 1 year")
        self._clock.forward(timedelta(hours=hours))

    def _change(self, api: Api, given: Arguments) -> None:
        weather = given.text("weather")
        if weather not in WEATHERS:
            raise BadRequestError("the weather is fine, slow or down")
        self._weather = weather
        troubles = Troubles(api)
        troubles.lift()
        troubles.script(*WEATHERS[weather])
        api.polling.cut()


def hire(desk: Desk, chat: Chat, pane: str) -> None:
    """Whoever comes to the clerk's pane works for the city."""
    if pane == "staff":
        staff.hire(desk.store, "web", chat.id, chat.language, "owner", desk.now)


def _again(desk: Desk) -> bool:
    """Deliver the last update once more; whether there was one."""
    try:
        desk.redeliver(desk.queue.numbering()[0])
    except LookupError:
        return False
    return True
