#!/usr/bin/env bash
# Malformed requests to every API: as `make test` sends them, but many more.
#   run.sh [PART] [flags of vitest …]     PART of a suite's path; RUNS=10000 requests to each, SEED=… the same ones again
# Ends with `N passed, M failed[, K skipped]`; the exit status is 0 without failures.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export PATH=$PWD/node_modules/.bin:$PATH
export KILONOVA_TEST_RUNS=${RUNS:-10000}
[[ -z ${SEED:-} ]] || export KILONOVA_TEST_SEED=$SEED

part=
if [[ $# -gt 0 && $1 != -* ]]; then
  part=$1
  shift
fi
mapfile -t suites < <(find apps -name 'malformed-requests.fault.spec.ts' -not -path '*/dist/*' -path "*$part*" | sort)
[[ ${#suites[@]} -gt 0 ]] || { echo "No suite of malformed requests has $part in its path." >&2; exit 2; }

bash tools/setup/test-packages.sh
mkdir -p .state
results=.state/fuzz-results.json
steps=$(mktemp)
trap 'rm -f "$steps"' EXIT
rm -f "$results"
status=0
vitest run --reporter=default --reporter=json --outputFile.json="$results" "${suites[@]}" "$@" || status=$?
echo "tests $status" >"$steps"
node tools/test/summary.mjs "$steps" "$results"
