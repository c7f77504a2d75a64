#!/usr/bin/env bash
# Brings node_modules in line with package-lock.json. Does nothing when the lock is the one installed last.
# Node itself is among the modules on Linux (x64, arm64): the host needs any Node that can run npm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

stamp=node_modules/.kilonova-lock
wanted=$(sha256sum package-lock.json | cut -d' ' -f1)
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then exit 0; fi

command -v npm >/dev/null || bash tools/setup/debian-packages.sh nodejs npm
if ! command -v npm >/dev/null; then
  echo 'npm was not found: install Node (20 or newer) with npm.' >&2
  exit 1
fi

echo 'Installing node modules …'
# No install scripts: nothing here needs one, and none of a dependency's should run.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
printf '%s' "$wanted" >"$stamp"
