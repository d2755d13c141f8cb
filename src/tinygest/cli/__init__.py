"""The command line: one verb per file, no work done here."""
