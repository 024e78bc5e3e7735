#!/usr/bin/env python3
"""What the documents point at exists: docs.py ROOT. Prints what doesn't; exit 1 if anything.

Checked in every .md: relative links, and words in backticks that begin with one of the repository's folders; in README.md
also that the two commands it gives are there, and that .ci/run runs the second one as it stands.
"""
import pathlib
import re
import sys

FOLDERS = "models|generators|schedules|runtime|tests|bench|cmake|docs"
LINK = re.compile(r"\]\(([^)#:]+)(#[^)]*)?\)")
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]*)`")


def missing_paths(root):
    for document in sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("models/**/*.md")]):
        text = document.read_text(encoding="utf-8")
        targets = [(document.parent, match[0]) for match in LINK.findall(text)]
        targets += [(root, match) for match in PATH.findall(text)]
        for base, target in targets:
            if not (base / target).exists():
                yield f"{document.relative_to(root)} names {target}, which is not there"


def broken_commands(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    (\./\S.*)$", readme, re.MULTILINE)
    for command in commands:
        program = command.split()[0]
        if not (root / program).exists():
            yield f"README.md says '{command}', and {program} is not there"
    tests = [command for command in commands if "--preset dev" in command]
    if not tests:
        yield "README.md has no command that runs the tests (--preset dev)"
    elif tests[0] not in (root / ".ci/run").read_text(encoding="utf-8"):
        yield f".ci/run doesn't run README.md's '{tests[0]}'"


def main():
    root = pathlib.Path(sys.argv[1])
    found = [*missing_paths(root), *broken_commands(root)]
    print("\n".join(found) if found else "docs: everything that they name is there")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
