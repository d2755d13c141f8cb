"""Splits, folds, results and their report. Trains nothing: `workflow.evaluation` does."""
