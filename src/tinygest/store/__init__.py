"""Projects, recordings, labels and bundles on disk."""
