"""One suite for the Bot API server, run with both client libraries; docs/conformance.md says which test proves what."""
