"""The only place that combines stages."""
