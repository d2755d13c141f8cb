"""The simulated boxer and IMU: people, movements, physics of the parts, what the driver delivers.

people -> performer (script -> strokes) -> trajectory -> motion -> imu -> driver -> session.
"""
