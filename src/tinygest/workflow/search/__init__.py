"""Search for small and good models: Optuna over segmenter, representation and network, within a budget."""
