#!/usr/bin/env bash
# Installs the servers and clients that the whole test suite wants, as far as no URL, container engine or installation
# provides them already. What cannot be installed is named; the tests that need it then fail or say why they are skipped.
set -uo pipefail
here=$(dirname "${BASH_SOURCE[0]}")

container_engine() { [[ -n ${DOCKER_HOST:-} || -S /var/run/docker.sock ]]; }

wanted=()
if [[ -z ${KILONOVA_TEST_AMQP_URL:-} && ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] && ! container_engine; then
  wanted+=(rabbitmq-server)
fi
if [[ -z ${KILONOVA_TEST_POSTGRES_URL:-} ]] && ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && ! container_engine; then
  wanted+=(postgresql)
fi
if ! command -v openstack >/dev/null; then wanted+=(python3-openstackclient python3-osc-placement); fi
compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || wanted+=(libfaketime)

[[ ${#wanted[@]} -eq 0 ]] || bash "$here/debian-packages.sh" "${wanted[@]}" || true
