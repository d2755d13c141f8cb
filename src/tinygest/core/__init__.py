"""Value types that everything shares. Imports nothing of tinygest but itself."""
