"""The simulated boxer and IMU."""
