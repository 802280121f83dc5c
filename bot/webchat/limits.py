"""What the Bot API allows, as numbers."""

from datetime import timedelta

TEXT = 4096
TEXT_BYTES = 32_768
"""Of a text or a caption with all its markup."""
CAPTION = 1024
ENTITIES = 100
CALLBACK_DATA = 64
COPY_TEXT = 256
BUTTONS = 100
BUTTONS_IN_ROW = 8
PLACEHOLDER = 64
ANSWER = 200
ALBUM = 10

PHOTO_BYTES = 10 * 1024 * 1024
DOCUMENT_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
REQUEST_BYTES = DOCUMENT_BYTES + 1024 * 1024
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
PHOTO_PIXELS = 50_000_000
PHOTO_LARGE = 1280
PHOTO_SMALL = 320

COMMANDS = 100
COMMAND = 32
COMMAND_DESCRIPTION = 256
NAME = 64
DESCRIPTION = 512
SHORT_DESCRIPTION = 120
VENUE = 256

TOKEN = 80
WEBHOOK_SECRET = 256
WEBHOOK_CONNECTIONS = 40
WEBHOOK_CONNECTIONS_AT_MOST = 100_000
"""Of a local server, which also takes http and any port; Telegram's own takes 100."""
WEBHOOK_GONE = timedelta(hours=23)
"""After so long of nothing but 410 a webhook is deleted."""
WEBHOOK_TIMEOUT = 60
RETRY_AFTER = 3600
RETRY_CAP = (60, 120)
"""Seconds between two tries of a failing webhook, at most: a random number in this range."""

UPDATES = 100
POLL_SECONDS = 50
FIRST_UPDATE_ID = (2_000_001, 1_000_000_000)
UPDATE_BYTES = 512 * 1024
IDLE_WEEK = timedelta(days=7)
SUPERGROUPS = -(10**12)
"""Ids of supergroups are lower than this, those of basic groups higher."""
HASTY_POLL = 3.0
"""Seconds within which the same poll again is a hasty one: it then waits so long, and a conflict is told so late."""
HASTIEST_POLL = 0.5
"""Seconds within which the same poll again gets one update only."""
UPDATE_LIFE = timedelta(hours=24)
CALLBACK_LIFE = timedelta(seconds=150)
QUERY_LIFE = timedelta(seconds=15)
DELETABLE = timedelta(hours=48)
PURGE_AFTER = timedelta(hours=48)

CLIENT_ID = 64
PAYLOAD = 64
HISTORY = 100
AWAKE = timedelta(seconds=5)
"""How long after its last poll a bot counts as awake."""
KEEP_ALIVE = 15.0
"""Seconds between two signs of life on an idle stream."""
GATHER = 0.02
"""Seconds that a stream waits after it was woken: an answer and the edit that follows it go down together."""
GLANCE = 1.0
"""Seconds between two looks for what another process wrote."""
PURGE_EVERY = timedelta(hours=1)
