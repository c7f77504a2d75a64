import type { Cloud } from './cloud.js';
import type { StateDir } from './state-dir.js';
import { textTable } from './text-table.js';

/** What a person needs after `up`: where everything answers, which servers run, how to point a client at it. */
export function upReport(cloud: Cloud, state: StateDir): string {
  const { endpoints, cells } = cloud.layout;
  const services = textTable(
    ['service', 'endpoint'],
    Object.entries(endpoints).map(([name, url]) => [name, url]),
  );
  const servers = cloud.proven.map((server) => [server.cell, server.name, server.host, 'ACTIVE', `${server.ms} ms`]);
  return [
    services,
    ...(servers.length === 0 ? [] : [textTable(['cell', 'server', 'host', 'status', 'took'], servers)]),
    `${cells.length} cells, ${cells.flatMap((cell) => cell.agents.flat()).length} hosts. Point a client at it:`,
    `  export OS_CLOUD=kilonova OS_CLIENT_CONFIG_FILE=${state.path('clouds.yaml')}\n  openstack server list --long`,
    `Logs: ${state.path('log')}   Status: ./kilonova status --state-dir ${state.root}   Stop: ./kilonova down --state-dir ${state.root}`,
  ].join('\n\n');
}
