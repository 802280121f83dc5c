"""The channel opens: everything that it remembers."""

import sqlalchemy as sa
from alembic import op

from storage.schema import Id, Instant, Json

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("landed", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "update_id", name=op.f("pk_arrivals")),
    )
    op.create_index(op.f("ix_arrivals_at"), "arrivals", ["at"], unique=False)

    op.create_table(
        "cities",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("notice", Json, nullable=False),
        sa.Column("contact", Json, nullable=False),
        sa.Column("default_language", sa.String(), nullable=False),
        sa.Column("official_languages", Json, nullable=False),
        sa.Column("languages", Json, nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("logo_id", Id, nullable=True),
        sa.Column("quiet_from", sa.String(), nullable=False),
        sa.Column("quiet_until", sa.String(), nullable=False),
        sa.Column("two_person_rule", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cities")),
    )
    op.create_table(
        "invitations",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
    )
    op.create_table(
        "menus",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "name", name=op.f("pk_menus")),
    )
    op.create_table(
        "photos",
        sa.Column("id", Id, nullable=False),
        sa.Column("description", Json, nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("file_id", sa.String(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_photos_digest"), "photos", ["digest"], unique=False)

    op.create_table(
        "put_aside",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_put_aside")),
    )
    op.create_table(
        "residents",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("came_from", sa.String(), nullable=True),
        sa.Column("awaiting", sa.String(), nullable=True),
        sa.Column("took_part_at", Instant(), nullable=True),
        sa.Column("may_write", sa.Boolean(), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("joined_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residents")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "webchat_bots",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("profile", Json, nullable=False),
        sa.Column("webhook", Json, nullable=False),
        sa.Column("allowed_updates", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_message_id", sa.BigInteger(), nullable=False),
        sa.Column("last_update_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webchat_bots")),
    )
    op.create_table(
        "webchat_chats",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webchat_chats")),
        sa.UniqueConstraint("session", name=op.f("uq_webchat_chats_session")),
    )
    op.create_table(
        "webchat_files",
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("unique_id", sa.String(), nullable=False),
        sa.Column("photo_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_webchat_files")),
    )
    op.create_index(op.f("ix_webchat_files_photo_id"), "webchat_files", ["photo_id"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("resident_id", Id, nullable=False),
        sa.Column("living_message_id", sa.BigInteger(), nullable=True),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_accounts_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("channel", "chat_id", name=op.f("uq_accounts_channel")),
    )
    op.create_index(op.f("ix_accounts_resident_id"), "accounts", ["resident_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", Id, nullable=False),
        sa.Column("resident_id", Id, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("answer", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_consents_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_resident_id"), "consents", ["resident_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("resident_id", Id, autoincrement=False, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("photo_id", Id, nullable=True),
        sa.Column("photo_message_id", Id, nullable=True),
        sa.Column("album", sa.String(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("place_message_id", Id, nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("replacing", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_drafts_photo_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_drafts_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resident_id", "address", name=op.f("pk_drafts")),
    )
    op.create_index(op.f("ix_drafts_photo_id"), "drafts", ["photo_id"], unique=False)

    op.create_table(
        "photo_files",
        sa.Column("photo_id", Id, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_photo_files_photo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("photo_id", "channel", name=op.f("pk_photo_files")),
    )
    op.create_table(
        "projects",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("summary", Json, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("photo_id", Id, nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("budget_euros", sa.BigInteger(), nullable=True),
        sa.Column("partners", Json, nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_projects_photo_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("key", name=op.f("uq_projects_key")),
    )
    op.create_index(op.f("ix_projects_photo_id"), "projects", ["photo_id"], unique=False)

    op.create_table(
        "questions",
        sa.Column("id", Id, nullable=False),
        sa.Column("resident_id", Id, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("photo_id", Id, nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_questions_photo_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_questions_resident_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_questions_photo_id"), "questions", ["photo_id"], unique=False)
    op.create_index(op.f("ix_questions_resident_id"), "questions", ["resident_id"], unique=False)

    op.create_table(
        "reports",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("resident_id", Id, autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_reports_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("address", "resident_id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_resident_id"), "reports", ["resident_id"], unique=False)

    op.create_table(
        "staff",
        sa.Column("resident_id", Id, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_staff_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_staff")),
    )
    op.create_table(
        "visits",
        sa.Column("resident_id", Id, autoincrement=False, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_visits_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("resident_id", "address", "source", name=op.f("pk_visits")),
    )
    op.create_table(
        "webchat_messages",
        sa.Column("message_id", Id, autoincrement=False, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("editable", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["webchat_chats.id"], name=op.f("fk_webchat_messages_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_webchat_messages")),
    )
    op.create_index(op.f("ix_webchat_messages_chat_id"), "webchat_messages", ["chat_id", "seq"], unique=False)

    op.create_table(
        "webchat_queries",
        sa.Column("query_id", Id, autoincrement=False, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("alert", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["webchat_chats.id"], name=op.f("fk_webchat_queries_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("query_id", name=op.f("pk_webchat_queries")),
    )
    op.create_index(op.f("ix_webchat_queries_chat_id"), "webchat_queries", ["chat_id"], unique=False)

    op.create_table(
        "webchat_sent",
        sa.Column("chat_id", Id, autoincrement=False, nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("answer", Json, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["webchat_chats.id"], name=op.f("fk_webchat_sent_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "client_id", name=op.f("pk_webchat_sent")),
    )
    op.create_table(
        "webchat_updates",
        sa.Column("update_id", Id, autoincrement=False, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["webchat_chats.id"], name=op.f("fk_webchat_updates_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_webchat_updates")),
    )
    op.create_index(op.f("ix_webchat_updates_chat_id"), "webchat_updates", ["chat_id"], unique=False)
    op.create_index(op.f("ix_webchat_updates_confirmed"), "webchat_updates", ["confirmed", "update_id"], unique=False)

    op.create_table(
        "activities",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("project_id", Id, nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.Column("opens_at", Instant(), nullable=False),
        sa.Column("closes_at", Instant(), nullable=True),
        sa.Column("settings", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_activities_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("project_id", "key", name=op.f("uq_activities_project_id")),
    )
    op.create_index(op.f("ix_activities_project_id"), "activities", ["project_id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("id", Id, nullable=False),
        sa.Column("project_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_documents_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_documents_project_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "milestones",
        sa.Column("id", Id, nullable=False),
        sa.Column("project_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("title", Json, nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_milestones_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_milestones_project_id")),
    )
    op.create_table(
        "webchat_attachments",
        sa.Column("message_id", Id, autoincrement=False, nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["webchat_files.file_id"], name=op.f("fk_webchat_attachments_file_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["webchat_messages.message_id"],
            name=op.f("fk_webchat_attachments_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", "file_id", name=op.f("pk_webchat_attachments")),
    )
    op.create_index(op.f("ix_webchat_attachments_file_id"), "webchat_attachments", ["file_id"], unique=False)

    op.create_table(
        "ideas",
        sa.Column("id", Id, nullable=False),
        sa.Column("activity_id", Id, nullable=False),
        sa.Column("resident_id", Id, nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("photo_id", Id, nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("seed_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_ideas_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_ideas_photo_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_ideas_resident_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
        sa.UniqueConstraint("seed_key", name=op.f("uq_ideas_seed_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ideas_activity_id"), "ideas", ["activity_id"], unique=False)
    op.create_index(op.f("ix_ideas_photo_id"), "ideas", ["photo_id"], unique=False)
    op.create_index(op.f("ix_ideas_resident_id"), "ideas", ["resident_id"], unique=False)

    op.create_table(
        "options",
        sa.Column("activity_id", Id, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("text", Json, nullable=False),
        sa.Column("photo_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_options_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_options_photo_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("activity_id", "number", name=op.f("pk_options")),
    )
    op.create_table(
        "choice_ballots",
        sa.Column("id", Id, nullable=False),
        sa.Column("activity_id", Id, nullable=False),
        sa.Column("resident_id", Id, nullable=True),
        sa.Column("option_number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("cast_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id", "option_number"],
            ["options.activity_id", "options.number"],
            name=op.f("fk_choice_ballots_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_choice_ballots_resident_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice_ballots")),
        sa.UniqueConstraint("activity_id", "resident_id", name=op.f("uq_choice_ballots_activity_id")),
    )
    op.create_index(op.f("ix_choice_ballots_resident_id"), "choice_ballots", ["resident_id"], unique=False)
    op.create_index("ix_choice_ballots_tally", "choice_ballots", ["activity_id", "option_number"], unique=False)

    op.create_table(
        "comments",
        sa.Column("id", Id, nullable=False),
        sa.Column("idea_id", Id, nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("resident_id", Id, nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_comments_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_comments_resident_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_comments_idea_id"), "comments", ["idea_id"], unique=False)
    op.create_index(op.f("ix_comments_parent_id"), "comments", ["parent_id"], unique=False)
    op.create_index(op.f("ix_comments_resident_id"), "comments", ["resident_id"], unique=False)

    op.create_table(
        "supports",
        sa.Column("idea_id", Id, autoincrement=False, nullable=False),
        sa.Column("resident_id", Id, autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_supports_idea_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_supports_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_id", "resident_id", name=op.f("pk_supports")),
    )
    op.create_index(op.f("ix_supports_resident_id"), "supports", ["resident_id"], unique=False)
