"""What the city remembers: frozen records, their tables, and repositories on one open transaction."""
