"""Contract and .tflite to a C library, in two steps: resolve, then render."""
