"""What the Bot API allows, as numbers."""

from datetime import timedelta

TEXT = 4096
CAPTION = 1024
ENTITIES = 100
CALLBACK_DATA = 64
COPY_TEXT = 256
BUTTONS = 100
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
WEBHOOK_TIMEOUT = 60
RETRY_AFTER = 3600
RETRY_CAP = (60, 120)
"""Seconds between two tries of a failing webhook, at most: a random number in this range."""

UPDATES = 100
POLL_SECONDS = 50
FIRST_UPDATE_ID = (2_000_001, 1_000_000_000)
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
GLANCE = 1.0
"""Seconds between two looks for what another process wrote."""
PURGE_EVERY = timedelta(hours=1)
