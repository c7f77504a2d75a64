#!/usr/bin/env bash
# Load on placement alone, with a PostgreSQL of its own: candidates, listings and claims in growing worlds.
#   run.sh [results.json] [options of load/main.mjs, e.g. --only claim]
#   WORLDS=100,1000,5000,20000    providers                 SECONDS_EACH=4           of each measure
#   REFERENCE=no                  leaves out the reference  REFERENCE_WORLDS=100,1000 in which it is measured as well
# Where Debian's python3-placement and gunicorn are installed, the reference is measured on the same kind of database
# afterwards and the ratios are printed. "CPU ms" is what service and database together used for one request: it varies less
# than times do on a busy machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PATH=$here/../../../node_modules/.bin:$PATH

out=
if [[ $# -gt 0 && $1 != -* ]]; then
  out=$(realpath -m "$1")
  shift
fi
folder=$(mktemp -d)
server=
finish() {
  if [[ -n $server ]]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}
trap 'finish; rm -rf "$folder"' EXIT

# measure WHICH WORLDS FILE: one server, empty at the start, through all worlds
measure() {
  local which=$1 worlds=$2 file=$3
  shift 3
  node "$here/serve.mjs" "$which" >"$folder/$which.env" &
  server=$!
  until grep -q '^ready$' "$folder/$which.env"; do
    kill -0 "$server" 2>/dev/null || { echo "The $which placement did not start." >&2; return 1; }
    sleep 0.2
  done
  eval "$(grep '^export ' "$folder/$which.env")"
  echo "── $which"
  node "$here/load/main.mjs" --label "$which" --n "$worlds" --seconds "${SECONDS_EACH:-4}" --out "$file" \
    --cpucmd "node $here/cpu-seconds.mjs $SERVER_PIDS" "$@"
  finish
}

measure project "${WORLDS:-100,1000,5000,20000}" "$folder/project.json" "$@"
results=("$folder/project.json")
if [[ ${REFERENCE:-} != no ]] && [[ -x /usr/bin/placement-manage ]] && /usr/bin/python3 -c 'import gunicorn, placement, psycopg2' 2>/dev/null; then
  if measure reference "${REFERENCE_WORLDS:-100,1000}" "$folder/reference.json" "$@"; then results+=("$folder/reference.json"); fi
fi
[[ -z $out ]] || cp "$folder/project.json" "$out"
echo
node "$here/table.mjs" "${results[@]}"
