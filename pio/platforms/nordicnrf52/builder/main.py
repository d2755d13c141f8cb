"""Cross-compiles with the flags that the real platform passes for this board."""

from pathlib import Path

from SCons.Script import AlwaysBuild, Builder, Default, DefaultEnvironment

env = DefaultEnvironment()
board = env.BoardConfig()
is_emulated = board.get("build.mcu") == "mps2_an386"
shim = Path(env.PioPlatform().get_dir()) / "shim"

env.Replace(
    **{name: f"arm-none-eabi-{tool}" for name, tool in {
        "AR": "ar", "AS": "as", "CC": "gcc", "CXX": "g++", "OBJCOPY": "objcopy", "RANLIB": "ranlib",
        "SIZETOOL": "size"}.items()},
    ARFLAGS=["rc"],
    PROGNAME="firmware",
    PROGSUFFIX=".elf",
    SIZECHECKCMD="$SIZETOOL -A -d $SOURCES",
    SIZEPROGREGEXP=r"^(?:\.vectors|\.text|\.ARM\.exidx|\.init_array|\.data)\s+(\d+).*",
    SIZEDATAREGEXP=r"^(?:\.data|\.bss)\s+(\d+).*",
)  # fmt: skip
machine = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=softfp"]
env.Append(
    CCFLAGS=[*machine, "-Os", "-ffunction-sections", "-fdata-sections", "-fno-exceptions"],
    CFLAGS=["-std=gnu11"],
    CXXFLAGS=["-std=gnu++14", "-fno-rtti", "-fno-threadsafe-statics"],
    LINKFLAGS=[
        *machine, "-nostartfiles", "-Wl,--gc-sections", "-Wl,-Map,${BUILD_DIR}/firmware.map",
        f"-L{shim}", f"-T{board.get('build.memory')}", "--specs=nano.specs",
        f"--specs={'rdimon' if is_emulated else 'nosys'}.specs", "-Wl,--undefined=tinygest_vectors",
    ],
    BUILDERS={"ElfToBin": Builder(action="$OBJCOPY -O binary $SOURCES $TARGET", suffix=".bin")},
)  # fmt: skip

elf = env.BuildProgram()
image = env.ElfToBin(str(Path("$BUILD_DIR") / "firmware"), elf)
env.Depends(image, "checkprogsize")
AlwaysBuild(env.Alias("nobuild", image))
refusal = "echo 'this is the stand-in platform: its image is for no board'; exit 1"
upload = "true" if is_emulated else refusal  # `pio test` uploads first; an emulator has nothing to load
env.AddPlatformTarget("upload", image, env.VerboseAction(upload, "Uploading"), "Upload")
Default([env.Alias("buildprog", image, image)])
