"""Parts of tools/bench_models.py."""
