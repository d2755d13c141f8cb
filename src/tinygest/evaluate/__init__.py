"""Splits, folds, report."""
