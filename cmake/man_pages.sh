#!/bin/sh
# man_pages.sh VERSION FOLDER NAME PROGRAM...: FOLDER/NAME.1 and, for each subcommand S, FOLDER/NAME-S.1, from what
# --help prints. PROGRAM... is how NAME is started here: its path, with an emulator before it when built for another machine.
set -eu
version=$1 folder=$2 name=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$folder"
rm -f "$folder/$name.1" "$folder/$name"-*.1
# Defaults that --help prints are those of nobody in particular.
unset SENETC_CACHE XDG_CACHE_HOME
HOME='~'
export HOME

# page NAME PROGRAM...: help2man asks a program of one word; examples stay lines if they begin with a prompt.
page() {
    page=$1
    shift
    "$@" --help > "$work/help"
    summary=$(sed -n '1{s/^[a-z]*: //;s/\.$//;p}' "$work/help")
    sed -i '/^Examples\{0,1\}:/,/^$/s/^  \([a-z]\)/  $ \1/' "$work/help"
    printf '#!/bin/sh\ncat "%s"\n' "$work/help" > "$work/$page"
    chmod +x "$work/$page"
    help2man --no-info --section=1 --source="$name $version" --version-string="$version" --name="$summary" \
        --output="$folder/$page.1" "$work/$page"
}

page "$name" "$@"
for command in $(sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' "$work/help"); do
    page "$name-$command" "$@" "$command"
done
