# Read by the scripts beside it, which set $root: gives them $root/.venv with Monitor in it, and $root/.venv/bin/python.
# Made once; a second call only compares the stamp, so that it costs no time.

oldest=11 # of Python 3
newest=13

# prepare run | prepare test: what the program needs, or that and what the tests need.
prepare() {
    inputs=$(cat "$root/pyproject.toml" "$root/constraints.txt" "$root/scripts/install.py" | cksum)
    stamp="$root $inputs"
    if [ -x "$root/.venv/bin/python" ] && [ "$(cat "$root/.venv/ready-for-$1" 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    find_python
    "$python" "$root/scripts/install.py" "$root" "$1" "$stamp"
}

# Sets $python to the first fitting interpreter that can make a virtual environment, or explains and ends.
find_python() {
    seen=
    without_venv=
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3.13 python3.12 python3.11 python3 python
    fi
    for candidate; do
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if [ "${version%%.*}" != 3 ] || [ "${version#*.}" -lt "$oldest" ] || [ "${version#*.}" -gt "$newest" ]; then
            seen="$seen $candidate is $version;"
        elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            without_venv=$version
        else
            python=$candidate
            return
        fi
    done
    if [ -n "$without_venv" ]; then
        echo "Python $without_venv is here, but without its venv module." >&2
        echo "On Debian and Ubuntu: apt-get install python$without_venv-venv" >&2
    else
        echo "Monitor needs Python 3.$oldest to 3.$newest and found none.${seen:+ (${seen# })}" >&2
        echo "Install one, or name one: PYTHON=/path/to/python3.$newest $0" >&2
    fi
    exit 1
}
