"""One process: the roles that were asked for, side by side, until it is told to stop."""

import asyncio
import gc
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot import clock as ticking
from bot import courier, metrics
from bot.channels import Channel
from bot.intake import Intake, Polling, Webhook
from bot.moments import VirtualClock, now
from bot.settings import Settings, token
from storage.database import Database, open_database

if TYPE_CHECKING:
    from bot.conversation import Conversation
    from bot.webchat import Gateway

log = structlog.get_logger()

ROLES = ("conversation", "courier", "clock")
"""What runs by default; ``webchat`` is asked for by name."""

TELEGRAM_LINK = "https://t.me/{username}?start={payload}"

REGISTER_SECONDS = 5
"""Between two tries to tell Telegram the webhook's address."""

Announce = Callable[[str], None]
Clock = Callable[[], datetime]


async def run(
    settings: Settings,
    roles: Sequence[str],
    *,
    telegram: bool,
    announce: Announce,
    demo: VirtualClock | None = None,
) -> None:
    """Run the roles until SIGTERM or SIGINT; then finish what is in hand.

    ``telegram``: talk on Telegram; without it the web chat is the only channel. ``demo``: serve the stage, whose
    visitors put this clock forward for every role.
    """
    clock = demo or now
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    if settings.metrics_port:
        metrics.serve(settings.metrics_port)
    db = open_database(settings.database)
    channels = [Channel("telegram", settings.telegram_api_url, token(settings), TELEGRAM_LINK)] if telegram else []
    gateway = None
    try:
        if "webchat" in roles:
            gateway = await open_webchat(db, settings, demo)
            link = f"{settings.webchat_url}/?start={{payload}}" if settings.webchat_url else ""
            channels.append(Channel("web", gateway.url, gateway.token, link))
            announce(gateway.url)
        async with asyncio.TaskGroup() as group:
            if "courier" in roles:
                group.create_task(courier.run(db, channels, stop))
            if "clock" in roles:
                group.create_task(ticking.run(db, clock, stop))
            if "conversation" in roles:
                group.create_task(converse(db, channels, settings, clock, stop))
            await stop.wait()
            log.info("stopping")
    finally:
        if gateway is not None:
            await gateway.close()
        await db.close()


async def open_webchat(db: Database, settings: Settings, demo: VirtualClock | None = None) -> "Gateway":
    """Serve the web chat, and in the demo the stage around it; loaded only where it is asked for."""
    from bot.webchat import Gateway
    from bot.webchat.guards import VISITORS, Allowance
    from bot.webchat.sessions import Door
    from bot.webchat.staging import Stage, hire

    visitors = Allowance(settings.webchat_visitors, VISITORS.seconds)
    door = Door(proxies=settings.webchat_proxies, visitors=visitors)
    if demo is None:
        gateway = Gateway(db, door=door)
    else:
        gateway = Gateway(db, clock=demo, door=replace(door, panes=True, arrive=hire), stage=Stage(demo))
    await gateway.start(settings.webchat_host, settings.webchat_port)
    return gateway


async def converse(
    db: Database, channels: list[Channel], settings: Settings, clock: Clock, stop: asyncio.Event
) -> None:
    """Take updates of every channel until ``stop`` is set, then drain."""
    conversation = await wake(db, channels, clock)
    intake = Intake(db, conversation, clock)
    webhook: Webhook | None = None
    try:
        async with asyncio.TaskGroup() as group:
            for channel in channels:
                if channel.name == "telegram" and settings.webhook_url:
                    webhook = await _listen(intake, channel, settings)
                    group.create_task(_register(webhook, settings, stop))
                else:
                    group.create_task(Polling(intake, channel).run(stop))
            log.info("conversation ready", channels=[channel.name for channel in channels])
            await stop.wait()
            if webhook is not None:
                await webhook.close()
    finally:
        await conversation.close()


async def wake(db: Database, channels: list[Channel], clock: Clock) -> "Conversation":
    """Load the conversation. Importing aiogram takes seconds, so it happens beside a page that is served already."""

    def load() -> "type[Conversation]":
        from bot.conversation import Conversation

        return Conversation

    conversation = (await asyncio.to_thread(load))(db, channels, clock)
    # What start-up made lives for ever: freezing it keeps the collector from walking 200 MB at each full collection.
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    return conversation


async def _listen(intake: Intake, channel: Channel, settings: Settings) -> Webhook:
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    webhook = Webhook(intake, channel, secret)
    await webhook.start(settings.webhook_host, settings.webhook_port)
    return webhook


async def _register(webhook: Webhook, settings: Settings, stop: asyncio.Event) -> None:
    """Tell Telegram where to deliver, again and again until it agrees."""
    while not stop.is_set() and not await webhook.register(settings.webhook_url):
        try:
            await asyncio.wait_for(stop.wait(), REGISTER_SECONDS)
        except TimeoutError:
            continue
