#!/usr/bin/env bash
# Recorded commands of the stock `openstack` client against a cloud of this checkout, started for them alone.
#   run.sh RECORDINGS [NAME…]     RECORDINGS: a folder of NAME.out and NAME.jsonl; see recordings.mjs
# Needs the workspace to be built, and python3-openstackclient with python3-osc-placement. PORT_BASE=18900: the first of five ports.
# The last line is `N passed, M failed`.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
folder=$(realpath "${1:?usage: run.sh RECORDINGS [NAME…]}")
shift

command -v openstack >/dev/null && /usr/bin/python3 -c 'import osc_placement' 2>/dev/null ||
  bash "$root/tools/setup/debian-packages.sh" python3-openstackclient python3-osc-placement

PATH=$root/node_modules/.bin:$PATH
state=${RESULTS:-$(mktemp -d)}
finish() {
  "$root/kilonova" down --state-dir "$state" >/dev/null 2>&1 || true
  [[ -n ${RESULTS:-} ]] || rm -rf "$state"
}
trap finish EXIT
"$root/kilonova" up --detach --no-proof --state-dir "$state" --port-base "${PORT_BASE:-18900}" --cells 1 --hosts 2 >/dev/null
node "$here/replay.mjs" "$state" "$folder" "$@"
