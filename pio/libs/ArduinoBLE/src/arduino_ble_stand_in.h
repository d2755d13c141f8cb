/* Nothing: ArduinoBLE.h of the stand-in platform holds the signatures. */
