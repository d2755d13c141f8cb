"""Builds a program of this computer."""

from SCons.Script import AlwaysBuild, Default, DefaultEnvironment

env = DefaultEnvironment()
flags = {name: list(env.get(name, [])) for name in ("CFLAGS", "CXXFLAGS")}
for compiler in ("gcc", "g++"):
    env.Tool(compiler)
env.Append(**flags)
env.Replace(CC="cc", CXX="c++", SIZETOOL="size")

program = env.BuildProgram()
AlwaysBuild(env.Alias("exec", program, env.VerboseAction("$SOURCE $PROGRAM_ARGS", "Running $SOURCE")))
AlwaysBuild(env.Alias("size", program, env.VerboseAction("$SIZETOOL $SOURCE", "Size of $SOURCE")))
Default([program])
