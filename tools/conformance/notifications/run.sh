#!/usr/bin/env bash
# Recorded events of another cloud against those of a cloud of this checkout, started for them alone.
#   run.sh RECORDINGS [NAME…]     RECORDINGS: a folder with order/NNN-name.jsonl and samples/*.json; see recordings.mjs
# Needs the workspace to be built. PORT_BASE=18950: the first of five ports. The last line is `N passed, M failed`.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
folder=$(realpath "${1:?usage: run.sh RECORDINGS [NAME…]}")
shift

PATH=$root/node_modules/.bin:$PATH
state=${RESULTS:-$(mktemp -d)}
finish() {
  "$root/kilonova" down --state-dir "$state" >/dev/null 2>&1 || true
  [[ -n ${RESULTS:-} ]] || rm -rf "$state"
}
trap finish EXIT
"$root/kilonova" up --detach --no-proof --state-dir "$state" --port-base "${PORT_BASE:-18950}" --cells 1 --hosts 2 >/dev/null
node "$here/replay.mjs" "$state" "$folder" "$@"
