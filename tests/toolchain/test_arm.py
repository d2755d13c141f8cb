import pytest

from tinygest.core.errors import ToolchainError
from tinygest.core.resources import resource_dir
from tinygest.toolchain import arm, elf, qemu


@pytest.mark.parametrize(
    ("find", "name"), [(arm.find_compiler, arm.COMMAND), (qemu.find_emulator, qemu.COMMAND)]
)
def test_missing_tool_is_named_with_its_remedy(find, name, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolchainError, match=f"{name} was not found; install it .Debian: `apt install"):
        find()


@pytest.mark.usefixtures("needs_arm")
def test_parts_have_their_own_sections(tmp_path):
    """The sizes of an image are known by construction: constants, initial values, zeroed memory."""
    sources = {
        "harness": "extern const char table[];\nextern int n; static char z[96];\n"
        "void reset_handler(void);\nvoid reset_handler(void) { z[n] = table[n]; for (;;) { n = z[n]; } }\n",
        "runtime": "int n = 7;\n",
        "model": "extern const char table[];\nconst char table[1000] = {1};\nint unused(void);\n"
        "int unused(void) { return 1; }\n",
    }
    for part, text in sources.items():
        (tmp_path / f"{part}.c").write_text(text)
    image = arm.compile_elf(
        {part: [tmp_path / f"{part}.c"] for part in sources},
        tmp_path / "build" / "x.elf",
        linker_script=resource_dir("firmware/emulated") / "mps2_an386.ld",
    )
    sections = elf.sections(image)
    assert sections[".rodata.model"] == elf.Section(1000, in_flash=True, in_ram=False)
    assert sections[".data.library"] == elf.Section(4, in_flash=True, in_ram=True)
    assert sections[".bss"] == elf.Section(96, in_flash=False, in_ram=True)
    assert elf.ram_bytes(image) == 100
    assert elf.flash_bytes(image) == 1004 + sections[".text.harness"].n_bytes
    assert elf.symbol_bytes(image)["table"] == 1000
    assert "unused" not in elf.symbol_bytes(image), "the linker keeps only what is used"


def test_no_elf_is_one_sentence(tmp_path):
    (tmp_path / "x").write_bytes(b"\x7fELF nothing of the kind")
    with pytest.raises(ToolchainError, match="is not an ELF image"):
        elf.sections(tmp_path / "x")


def test_a_compiler_without_its_c_library_is_told(needs_arm, monkeypatch):
    arm.check_c_library()
    monkeypatch.setattr(arm, "takes_flags", lambda *flags: False)
    with pytest.raises(ToolchainError, match=r"has no C library; install it .*libnewlib-arm-none-eabi"):
        arm.check_c_library()
