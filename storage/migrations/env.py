"""Runs the migrations on the connection that storage.migrating opened."""

from alembic import context

from storage.migrating import schema

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=schema(), render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
