import { AppError, pause } from '@kilonova/util';
import type { CloudClient } from './cloud-client.js';
import type { CloudLayout } from './cloud-layout.js';
import { imageId } from './furnish.js';

export interface ProvenServer {
  readonly cell: string;
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** Milliseconds from POST to ACTIVE. */
  readonly ms: number;
}

interface ServerBody {
  readonly server: {
    readonly id: string;
    readonly status: string;
    readonly 'OS-EXT-SRV-ATTR:host': string | null;
    readonly fault?: { readonly message: string };
  };
}

const DEADLINE_MS = 60_000;

/** Boots a server on the last host of each cell; servers of an earlier start count, and are named again. */
export async function proveCells(cloud: CloudClient, layout: CloudLayout): Promise<readonly ProvenServer[]> {
  const image = await imageId(cloud);
  return Promise.all(layout.cells.map((cell) => proveCell(cloud, cell.name, cell.agents.at(-1)?.at(-1) ?? '', image)));
}

async function proveCell(cloud: CloudClient, cell: string, host: string, image: string): Promise<ProvenServer> {
  const name = `proof-${cell}`;
  const startedAt = Date.now();
  const found = await cloud.ask<{ servers: Array<{ id: string }> }>(
    'GET',
    `${cloud.endpoints.compute}/servers?name=${encodeURIComponent(`^${name}$`)}&status=ACTIVE`,
  );
  const id = found.body.servers[0]?.id ?? (await create(cloud, name, host, image));
  for (;;) {
    const { body } = await cloud.ask<ServerBody>('GET', `${cloud.endpoints.compute}/servers/${id}`);
    const { status, fault } = body.server;
    if (status === 'ACTIVE')
      return { cell, id, name, host: body.server['OS-EXT-SRV-ATTR:host'] ?? '', ms: Date.now() - startedAt };
    if (status === 'ERROR') throw failed(`server ${name} ended in ERROR: ${fault?.message ?? 'without a cause'}`);
    if (Date.now() - startedAt > DEADLINE_MS) throw failed(`server ${name} is ${status} after ${DEADLINE_MS / 1000} s`);
    await pause(25);
  }
}

async function create(cloud: CloudClient, name: string, host: string, image: string): Promise<string> {
  const server = { name, imageRef: image, flavorRef: '1', networks: 'none', host };
  const { body } = await cloud.ask<ServerBody>('POST', `${cloud.endpoints.compute}/servers`, { server });
  return body.server.id;
}

const failed = (message: string): AppError => new AppError({ kind: 'dependency', code: 'kilonova.up.proof', message });
