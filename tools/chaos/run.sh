#!/usr/bin/env bash
# The fault suites: connections cut or silenced, servers and processes killed, while messages flow and servers are built.
#   run.sh [PART] [flags of vitest …]     PART of a suite's path; ROUNDS=5 repeats all of it
#   KILLS=40 BOOTS=300 run.sh storm       any service is killed, so often, under so many boots, deletes, stops and starts
#   SERVERS=500 HOSTS=20 OPERATIONS=10000 KILLS=100 run.sh random-life     anything is asked of servers, HOSTS in each of two cells
#   BOOTS_UNDER_WAY=200 run.sh boot.fault  boots at once, when each service is killed; `make test` has 48, outages too
#   WAVES=all run.sh killed-steps         agents or conductors are killed before, in and after each step of every operation
# Everything that is broken was started for the suites alone. Each round ends with `N passed, M failed[, K skipped]`; the
# exit status is 0 when no round had failures.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH=$PWD/node_modules/.bin:$PATH
export BOOTS_UNDER_WAY=${BOOTS_UNDER_WAY:-200}

part=
if [[ $# -gt 0 && $1 != -* ]]; then
  part=$1
  shift
fi
mapfile -t suites < <(find apps libs -name '*.fault.spec.ts' -not -path '*/dist/*' -path "*$part*" | sort)
[[ ${#suites[@]} -gt 0 ]] || { echo "No fault suite has $part in its path." >&2; exit 2; }

bash tools/setup/test-packages.sh
mkdir -p .state
results=.state/chaos-results.json
steps=$(mktemp)
trap 'rm -f "$steps"' EXIT

failed=0
for ((round = 1; round <= ${ROUNDS:-1}; round++)); do
  [[ ${ROUNDS:-1} -eq 1 ]] || echo "── round $round"
  rm -f "$results"
  status=0
  vitest run --reporter=default --reporter=json --outputFile.json="$results" "${suites[@]}" "$@" || status=$?
  echo "tests $status" >"$steps"
  node tools/test/summary.mjs "$steps" "$results" || failed=1
done
exit "$failed"
