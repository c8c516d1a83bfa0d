#!/bin/sh
# Makes a virtual environment with a Python that is new enough, or says what was found instead.
# Usage: make_venv.sh FOLDER [PYTHON]
set -eu

folder=$1
wanted=${2:-}
found=""

version_of() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null; }
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

for python in ${wanted:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
    command -v "$python" >/dev/null 2>&1 || continue
    version=$(version_of "$python") || continue
    if is_new_enough "$python"; then
        if ! "$python" -m venv --clear "$folder"; then
            echo "$python ($version) could not make a virtual environment in $folder." >&2
            echo "On Debian and Ubuntu its venv module is a package of its own: python3-venv." >&2
            exit 1
        fi
        echo "Using $python ($version) in $folder"
        exit 0
    fi
    found="$found $python is $version;"
done

echo "Python 3.11 or newer is needed. Found:${found:- no Python at all${wanted:+ as $wanted};} none will do." >&2
echo "Install a newer Python, or name one: make demo PYTHON=/path/to/python3" >&2
exit 1
