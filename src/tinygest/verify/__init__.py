"""Parity of every stage between Python, host C and Cortex-M4; profile."""
