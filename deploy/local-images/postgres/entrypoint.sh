#!/bin/bash
# Makes the cluster at the first start, with the named superuser and its password from a file; then the given command.
set -euo pipefail

if [[ ${1:-} == postgres && ! -s $PGDATA/PG_VERSION ]]; then
  initdb --username="${POSTGRES_USER:-postgres}" --pwfile="${POSTGRES_PASSWORD_FILE:?names no file}" --encoding=UTF8 \
    --auth-local=trust --auth-host=scram-sha-256
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
fi
exec "$@"
