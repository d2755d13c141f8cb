"""Before PlatformIO builds: vectors.h for the tests."""

# ruff: noqa: F821 -- SCons provides Import and env
import runpy
from pathlib import Path

Import("env")

support = Path(env.subst("$PROJECT_DIR")) / "firmware" / "test" / "support"
out = Path(env.subst("$BUILD_DIR")) / "vectors"
runpy.run_path(str(support / "make_vectors.py"))["write"](support.parents[2], out)
env.Append(CPPPATH=[str(out), str(support)])
