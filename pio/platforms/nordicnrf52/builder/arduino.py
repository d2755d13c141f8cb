"""The framework: Arduino's signatures (firmware/virtual/arduino) over nothing."""

from pathlib import Path

from SCons.Script import DefaultEnvironment

env = DefaultEnvironment()
shim = Path(env.PioPlatform().get_dir()) / "shim"
arduino = Path(env.subst("$PROJECT_DIR")) / "firmware" / "virtual" / "arduino"
env.Append(CPPPATH=[str(shim), str(arduino)])
env.Prepend(LIBS=[env.BuildLibrary(str(Path("$BUILD_DIR") / "ArduinoStandIn"), str(shim))])
