"""Projects on disk: recordings, labels, model bundles; plain files, written whole or not at all."""
