#!/usr/bin/env bash
# Formats our C and C++ files as .clang-format says: format.sh ROOT, or format.sh ROOT --check, which changes nothing and
# fails where something would change. For clang-format 14, Debian 12's own: other versions break lines elsewhere.
set -euo pipefail
cd "$1"
formatter=$(command -v clang-format-14) || {
    echo "format.sh: install clang-format-14 (Debian 12's package clang-format)" >&2
    exit 2
}
mode=(-i)
[ "${2:-}" = --check ] && mode=(--dry-run --Werror)
find models generators schedules runtime tests bench -name '*.h' -o -name '*.cpp' -o -name '*.c' | sort |
    xargs "$formatter" "${mode[@]}"
