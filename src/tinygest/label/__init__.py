"""Finding segments automatically, and editing them. Edits are functions from labels to labels."""
