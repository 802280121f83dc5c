"""The web chat stands alone: several browsers for a chat, recovery and pairing, who can be reached, what was read."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Id, Instant, Json

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "webchat_sessions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["webchat_chats.id"],
            name=op.f("fk_webchat_sessions_chat_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_webchat_sessions")),
    )
    op.create_index(op.f("ix_webchat_sessions_chat_id"), "webchat_sessions", ["chat_id"], unique=False)
    op.execute(
        "INSERT INTO webchat_sessions (digest, chat_id, at, seen_at) "
        "SELECT session, id, at, at FROM webchat_chats WHERE session IS NOT NULL"
    )
    # The column keeps its place: SQLite could only drop it by making the table anew, and with it every chat.
    op.execute("UPDATE webchat_chats SET session = NULL")
    op.execute("ALTER TABLE webchat_chats RENAME COLUMN session TO recovery")
    op.add_column("webchat_chats", sa.Column("status", sa.String(), nullable=False, server_default="member"))
    op.add_column("webchat_chats", sa.Column("moved_to", sa.BigInteger(), nullable=True))
    op.add_column("webchat_chats", sa.Column("keyboard", Json, nullable=False, server_default="{}"))
    op.add_column("webchat_chats", sa.Column("read_id", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("webchat_messages", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_webchat_messages_history", "webchat_messages", ["chat_id", "message_id"], unique=False)
    op.add_column("webchat_bots", sa.Column("last_update_at", Instant(), nullable=True))

    op.add_column("drafts", sa.Column("photo_channel", sa.String(), nullable=True))
    op.add_column("drafts", sa.Column("place_channel", sa.String(), nullable=True))

    op.create_table(
        "pairings",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("resident_id", Id, nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_pairings_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_pairings")),
    )
    op.create_index(op.f("ix_pairings_resident_id"), "pairings", ["resident_id"], unique=False)
    op.create_table(
        "pairing_tries",
        sa.Column("id", Id, nullable=False),
        sa.Column("resident_id", Id, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_pairing_tries_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_tries")),
    )
    op.create_index(op.f("ix_pairing_tries_resident_id"), "pairing_tries", ["resident_id"], unique=False)
