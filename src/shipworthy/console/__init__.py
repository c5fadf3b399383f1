"""Pages: read-only, drawn on the server, live or as plain files."""
