"""What is counted for Prometheus; served only where a port is set."""

from prometheus_client import Counter, Histogram, start_http_server

TAKEN = Counter("belleman_updates_taken", "Updates that were committed or put aside", ["channel"])
ASIDE = Counter("belleman_updates_put_aside", "Updates that could not be taken", ["channel"])
TURN_SECONDS = Histogram("belleman_turn_seconds", "From an update's arrival to its commit", buckets=(
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10,
))  # fmt: skip


def serve(port: int) -> None:
    """Serve the metrics on loopback."""
    start_http_server(port, addr="127.0.0.1")
