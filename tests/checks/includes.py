#!/usr/bin/env python3
"""Which folder may include which: includes.py ROOT. Prints every include that points backwards; exit 1 if any does.

The way of the data is models -> schedules, generators -> (a built library) -> runtime, and includes go against it only:
a later folder may know an earlier one, never the other way round.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)

# Folder: what it may not include, as patterns of include paths, and why. A file obeys every row that it lies under.
FORBIDDEN = [
    ("models", r"(Halide|llvm/|llvm-c/|lld/|generators/|schedules/|runtime/|senet/)",
     "models is the front end: it knows no code generator and no runtime"),
    ("schedules", r"(llvm/|llvm-c/|lld/|generators/package/|runtime/|senet/)",
     "a schedule knows stages and Halide, nothing of packages and runtimes"),
    ("generators/stages", r"(llvm/|llvm-c/|lld/|generators/package/|schedules/(hand|gpu|auto|tuned)/|runtime/|senet/)",
     "a stage never names a schedule's file: it fills a handles struct and calls what schedules/ offers for it"),
    ("generators/compiler", r"(llvm/|llvm-c/|lld/|schedules/(hand|gpu|auto|tuned)/)",
     "only generators/package and generators/inspect include LLVM, and choose_schedule hides where a schedule comes from"),
    ("generators/package", r"(Halide|generators/stages/|schedules/)",
     "packaging knows plans and objects, not how a kernel is made"),
    ("generators/inspect", r"(Halide|lld/|generators/stages/|schedules/)",
     "inspection reads what is in a file, and knows nothing of how it was made"),
    ("generators/oracle", r"(Halide|llvm/|lld/|generators/package/|schedules/(hand|gpu|auto|tuned)/|runtime/(?!harness/compare\.h))",
     "a naive evaluation knows stages and layouts, and how stored values are compared"),
    ("generators/measure", r"(Halide|llvm/|lld/|generators/stages/|schedules/|runtime/(?!harness/job\.h))",
     "measuring makes programs of kernels and jobs, and knows nothing of how a schedule is found"),
    ("generators/html", r"(Halide|llvm/|lld/|generators/(?!html/|system/)|schedules/|runtime/|senet/)",
     "pages and drawings know nothing of what they show"),
    ("generators/tune", r"(Halide|llvm/|lld/|generators/stages/|schedules/hand/|runtime/(?!measure/|harness/network_job\.h))",
     "a search knows stages and schedules as values; what runs elsewhere it knows by its job"),
    ("generators/verify", r"(Halide|llvm/|lld/|generators/stages/|schedules/|runtime/)",
     "verification uses a library as anyone could, through senet.h"),
    ("runtime", r"(Halide|llvm/|llvm-c/|lld/|models/|generators/|schedules/)",
     "the runtime knows senet/model_abi.h and nothing else of the compiler"),
    ("runtime/core", r"(runtime/cli/|fmt/|nlohmann/|CLI/)", "libsenet's core needs only libc and the C++ library"),
    ("runtime/cuda", r"(runtime/cli/|fmt/|nlohmann/|CLI/|cuda)", "libsenet needs no toolkit: it declares what it calls of the driver"),
    ("runtime/harness", r"(runtime/cli/|fmt/|nlohmann/|CLI/)", "what runs on boards needs only libc and libsenet's core"),
    ("runtime/include", r"(?!senet/|stddef\.h$|stdint\.h$).*", "the public headers stand alone"),
]


def violations(root):
    for folder, pattern, reason in FORBIDDEN:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".h", ".cpp", ".c"):
                continue
            for included in INCLUDE.findall(path.read_text(encoding="utf-8")):
                if re.match(pattern, included):
                    yield f"{path.relative_to(root)} includes {included}: {reason}"


def main():
    found = list(violations(pathlib.Path(sys.argv[1])))
    print("\n".join(found) if found else "includes: every one points the right way")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
