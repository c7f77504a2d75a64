#!/usr/bin/env bash
# Published test suites of the reference services against this checkout, which has to be built:
#   SUITE=FOLDER   the gabbits (*.yaml) of placement's functional suite; FILES="a.yaml b.yaml" runs only these
#   TEMPEST=FILE   a list of tempest's compute tests, one id a line, against a whole cloud
#   NOTIFICATIONS=FOLDER  recorded events, compared with what is told here
#   CLIENT=FOLDER  recorded commands of the stock client, compared with what they do here; NAMES="037 046" only these
# Each suite ends with `N passed, M failed`. The exit status is 0 when nothing failed in any.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [[ -z ${SUITE:-}${TEMPEST:-}${CLIENT:-}${NOTIFICATIONS:-} ]]; then
  echo 'usage: make conformance SUITE=folder-of-gabbits | TEMPEST=list-of-tests | CLIENT=folder-of-recordings | NOTIFICATIONS=folder-of-recordings' >&2
  exit 2
fi

status=0
if [[ -n ${SUITE:-} ]]; then
  [[ -d $SUITE ]] || { echo "There is no folder $SUITE." >&2; exit 2; }
  /usr/bin/python3 -c 'import gabbi' 2>/dev/null || bash "$here/../setup/debian-packages.sh" python3-gabbi || exit 2
  echo '── placement'
  # shellcheck disable=SC2086
  sh "$here/placement/run.sh" "$(realpath "$SUITE")" ${FILES:-} "$@" || status=1
fi
if [[ -n ${TEMPEST:-} ]]; then
  [[ -f $TEMPEST ]] || { echo "There is no file $TEMPEST." >&2; exit 2; }
  echo '── compute'
  bash "$here/compute/run.sh" "$(realpath "$TEMPEST")" || status=1
fi
if [[ -n ${CLIENT:-} ]]; then
  [[ -d $CLIENT ]] || { echo "There is no folder $CLIENT." >&2; exit 2; }
  echo '── client'
  # shellcheck disable=SC2086
  bash "$here/client/run.sh" "$(realpath "$CLIENT")" ${NAMES:-} || status=1
fi
if [[ -n ${NOTIFICATIONS:-} ]]; then
  [[ -d $NOTIFICATIONS ]] || { echo "There is no folder $NOTIFICATIONS." >&2; exit 2; }
  echo '── notifications'
  bash "$here/notifications/run.sh" "$(realpath "$NOTIFICATIONS")" || status=1
fi
exit "$status"
