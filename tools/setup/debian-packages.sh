#!/usr/bin/env bash
# Installs packages on Debian or Ubuntu, as root or through sudo without a password; elsewhere it says what is missing.
# Services that a package brings are not started: Kilonova runs its own, on private ports and folders.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "Missing: $* (no apt-get here; install the like by hand)." >&2
  exit 1
fi
as_root=()
if [[ $EUID -ne 0 ]]; then
  if ! sudo -n true 2>/dev/null; then
    echo "Missing: $*. Run: sudo apt-get install -y --no-install-recommends $*" >&2
    exit 1
  fi
  as_root=(sudo)
fi

policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi

install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null
}

echo "Installing $* …"
install "$@" 2>/dev/null || { "${as_root[@]}" apt-get update -q >/dev/null && install "$@"; }
