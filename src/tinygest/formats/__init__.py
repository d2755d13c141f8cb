"""Foreign file formats: one file each. A reader yields recordings with labels and writes nothing."""
