"""APScheduler: a handful of fixed jobs. They decide when to look; the database decides what is due."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from participation import pairings, sessions
from storage.database import Database, Unavailable
from storage.store import Store

log = structlog.get_logger()

ARRIVALS_KEPT = timedelta(hours=48)
"""How long the list of arrived updates is kept: Telegram delivers nothing older than 24 hours."""

ASIDE_KEPT = timedelta(days=30)
"""How long an update that was put aside can still be looked at."""


def forget(now: datetime, store: Store) -> int:
    """Drop what is kept for a time only; the number of rows dropped. Safe to run twice, or on several replicas."""
    arrived = store.arrivals.forget_before(now - ARRIVALS_KEPT) + store.arrivals.forget_aside(before=now - ASIDE_KEPT)
    codes = store.pairings.forget_before(now - pairings.HOUR, now)
    return arrived + codes + sessions.forget_idle(store, now)


async def run(db: Database, clock: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Run the jobs until ``stop`` is set. A late job runs late, and once: due moments are rows, not jobs."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    async def forgetting() -> None:
        try:
            dropped = await db.turn(lambda store: forget(clock(), store))
            log.info("forgotten", rows=dropped)
        except Unavailable:
            log.warning("nothing forgotten: database unavailable")

    scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})
    scheduler.add_job(forgetting, "interval", hours=1, next_run_time=datetime.now(scheduler.timezone))
    scheduler.start()
    try:
        await stop.wait()
    finally:
        scheduler.shutdown(wait=False)
