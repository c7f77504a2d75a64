#!/usr/bin/env bash
# Measures a cloud of this checkout: single boots, one request for 50 servers, 300 creates at concurrency 8, the list of
# 300 servers in detail, memory and CPU of every process. Two cells, ten simulated hosts each, default settings.
#   tools/bench/run.sh [results.json]         AMQP=amqp://… measures every service as its own process
#   tools/bench/run.sh placement …            load on placement alone: see placement/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-}" = placement ]; then shift; exec bash tools/bench/placement/run.sh "$@"; fi
state=$(mktemp -d)
out=${1:-$state/bench.json}
port=${PORT_BASE:-18700}
amqp=${AMQP:+--amqp "$AMQP"}
finish() { ./kilonova down --state-dir "$state" >/dev/null 2>&1 || true; [ "$out" = "$state/bench.json" ] && rm -rf "$state"; }
trap finish EXIT
# shellcheck disable=SC2086
./kilonova up --detach --state-dir "$state" --port-base "$port" --cells 2 --hosts 10 --log-level warn --no-proof $amqp
node=$(ls node_modules/node-linux-*/bin/node 2>/dev/null | head -1); node=${node:-node}
. "$state/openrc"
read -r identity compute image < <("$node" -e 'const e=JSON.parse(require("fs").readFileSync(process.argv[1]));console.log(e.identity,e.compute,e.image)' "$state/endpoints.json")
token=$("$node" tools/bench/token.mjs "$identity" "$OS_USERNAME" "$OS_PASSWORD" "$OS_PROJECT_NAME")
image_id=$("$node" -e 'fetch(process.argv[1]+"/v2/images?name=cirros",{headers:{"x-auth-token":process.argv[2]}}).then(r=>r.json()).then(b=>console.log(b.images[0].id))' "$image" "$token")
"$node" tools/bench/raise-quota.mjs "$compute" "$token"
NOVA_URL=$compute TOKEN=$token IMAGE=$image_id FLAVOR=1 KEEPALIVE=1 PIDDIR="$state/run" OUT="$out" NAME=kilonova POLL_MS=${POLL_MS:-10} LIST_POLL_MS=${LIST_POLL_MS:-100} \
  MODES=${MODES:-single,multi,burst300,detail300} "$node" tools/bench/boot-bench.mjs > "$state/last.json"
"$node" tools/bench/summarize.mjs "$out" "$state/run"
