#!/usr/bin/env bash
# Measures a cloud of this checkout: two cells, ten simulated hosts each, default settings. See boot/main.mjs --help.
#   HOSTS=5000 CELLS=10 tools/bench/run.sh          so many hosts in all, so many cells; then the scheduler alone with them
#   tools/bench/run.sh scheduling [HOSTS,…] [REQUESTS]   the scheduler with placement, without agents: scheduling/main.mjs
#   tools/bench/run.sh [options of boot/main.mjs]   AMQP=amqp://… measures every service as its own process
#   (AMQP_MANAGEMENT=http://… where its management API is not on port 15672)
#   tools/bench/run.sh actions …                    stops, starts, resizes and live migrations beside boots: see actions/main.mjs --help
#   tools/bench/run.sh neighbours …                 what one project's dearest requests cost another: see neighbours/main.mjs --help
#   tools/bench/run.sh snapshot [GIB]               the memory that a snapshot takes on its way: see snapshot/main.mjs
#   tools/bench/run.sh placement …                  load on placement alone: see placement/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH=$PWD/node_modules/.bin:$PATH
if [ "${1:-}" = snapshot ]; then shift; exec node tools/bench/snapshot/main.mjs "$@"; fi
if [ "${1:-}" = placement ]; then shift; exec bash tools/bench/placement/run.sh "$@"; fi
measures=boot
case "${1:-}" in actions | neighbours) measures=$1; shift ;; esac
if [ "${1:-}" = scheduling ]; then shift; exec node tools/bench/scheduling/main.mjs "$@"; fi
cells=${CELLS:-2}
hosts=${HOSTS:-$((10 * cells))}
state=$(mktemp -d)
finish() { ./kilonova down --state-dir "$state" >/dev/null 2>&1 || true; rm -rf "$state"; }
trap finish EXIT
options=(--detach --state-dir "$state" --port-base "${PORT_BASE:-18700}" --cells "$cells" --hosts "$(((hosts + cells - 1) / cells))" --log-level warn --no-proof)
measure=(--state-dir "$state")
if [ -n "${AMQP:-}" ]; then
  broker=(--amqp "$AMQP")
  [ -z "${AMQP_MANAGEMENT:-}" ] || broker+=(--amqp-management "$AMQP_MANAGEMENT")
  options+=("${broker[@]}")
  [ "$measures" = neighbours ] || measure+=("${broker[@]}")
fi
./kilonova up "${options[@]}"
. "$state/openrc"
node "tools/bench/$measures/main.mjs" "${measure[@]}" "$@"
if [ -n "${HOSTS:-}" ]; then
  finish
  node tools/bench/scheduling/main.mjs "20,$HOSTS"
fi
