"""Augmentation, Keras networks, int8 conversion. TensorFlow is imported here and nowhere else."""
