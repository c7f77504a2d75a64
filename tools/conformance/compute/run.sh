#!/usr/bin/env bash
# Runs tests of tempest against a cloud of this checkout, started for them alone and stopped afterwards.
#   run.sh LIST            LIST: ids of tests, one a line (as `stestr list` prints them)
# Needs the workspace to be built, python3-tempest and python3-stestr. Settings from the environment:
#   AMQP=amqp://…          every service as its own process    PORT_BASE=18800   the first of five ports
#   CELLS=2 HOSTS=2        simulated cells and hosts in each   CONCURRENCY=2     tests at once
#   RESULTS=FOLDER         keeps the cloud's state folder, logs and tempest's results there
# The last line is `N passed, M failed[, K skipped]`; a listed test that never ran has failed. Exit status 0: none failed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
list=$(realpath "${1:?usage: run.sh LIST}")

command -v stestr >/dev/null && /usr/bin/python3 -c 'import tempest' 2>/dev/null ||
  bash "$root/tools/setup/debian-packages.sh" python3-tempest python3-stestr

PATH=$root/node_modules/.bin:$PATH
state=${RESULTS:-$(mktemp -d)}
mkdir -p "$state"
finish() {
  "$root/kilonova" down --state-dir "$state" >/dev/null 2>&1 || true
  [[ -n ${RESULTS:-} ]] || rm -rf "$state"
}
trap finish EXIT

"$root/kilonova" up --detach --no-proof --state-dir "$state" --port-base "${PORT_BASE:-18800}" \
  --cells "${CELLS:-2}" --hosts "${HOSTS:-2}" ${AMQP:+--amqp "$AMQP"}

work=$state/tempest
mkdir -p "$work/etc" "$work/lock"
node "$here/tempest-conf.mjs" "$state" >"$work/etc/tempest.conf"
cd "$work"
packages=$(/usr/bin/python3 -c 'import os, tempest; print(os.path.dirname(os.path.dirname(tempest.__file__)))')
printf '[DEFAULT]\ntest_path=%s\ntop_dir=%s\ngroup_regex=([^\\.]*\\.)*\n' "$packages/tempest/test_discover" "$packages" >.stestr.conf
[[ -d .stestr ]] || stestr init

# A stream of its own has the ids of what ran; the totals that stestr prints leave out tests whose class failed to set up.
export TEMPEST_CONFIG_DIR=$work/etc TEMPEST_CONFIG=tempest.conf PYTHON=/usr/bin/python3
stestr run --concurrency "${CONCURRENCY:-2}" --load-list "$list" || true
stestr last --subunit >results.subunit || true
/usr/bin/python3 "$here/count.py" "$list" results.subunit
