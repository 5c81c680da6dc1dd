# Tests are .mlir files with RUN lines, and shell scripts (.test) for the tools.
import json
import os
import shutil
import subprocess
import lit.formats
from lit.llvm import llvm_config

config.name = "Dither"
config.test_format = lit.formats.ShTest(execute_external=not llvm_config.use_lit_shell)
config.suffixes = [".mlir", ".test"]
config.excludes = ["CMakeLists.txt", "Inputs", "fuzz", "runtime", "unit"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.dither_test_dir

# FileCheck, not and split-file come from LLVM's own folder.
llvm_config.with_environment("PATH", [config.dither_tools_dir, config.llvm_tools_dir], append_path=True)
llvm_config.use_default_substitutions()
config.substitutions.append(("%host_cc", config.host_cc))
config.substitutions.append(("%{build}", os.path.dirname(config.dither_tools_dir)))
config.substitutions.append(("%{dither-path}", os.path.join(config.dither_tools_dir, "dither")))
config.substitutions.append(("%{fake-cuda}", os.path.join(os.path.dirname(config.dither_tools_dir), "lib", "libfake-cuda.so")))
# Those take much memory and time, and bring libraries of their own.
if "-fsanitize" in config.cxx_flags:
    config.available_features.add("sanitizer")
    # MLIR keeps what it interns until the process ends. Its allocators are inline: our code would poison memory that the library, which is
    # not instrumented, then takes into use.
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0:allow_user_poisoning=0"
if os.path.exists(os.path.join(config.dither_tools_dir, "dither")):
    config.available_features.add("dither-driver")
    # Whether NVIDIA's assembler is there, and a device. Nothing says so but they themselves.
    listed = subprocess.run([os.path.join(config.dither_tools_dir, "dither"), "devices", "--json"], capture_output=True, text=True)
    targets = json.loads(listed.stdout)["targets"] if listed.returncode == 0 else []
    if any(target["target"] == "cuda" and target["devices"] for target in targets):
        config.available_features.add("cuda")
if shutil.which("ptxas", path=config.environment["PATH"]):
    config.available_features.add("ptxas")
