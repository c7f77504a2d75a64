import { readFileSync } from 'node:fs';
import { CellMappingRepository, HostMappingRepository } from '@kilonova/api-db';
import { CELL0_UUID, type CellMapping, resolveConnection } from '@kilonova/cells';
import { type OldQueue, oldQueues } from '@kilonova/messaging';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

export type OldQueueOf = OldQueue & { readonly cell: string };

/**
 * `upgrade clean_queues`: finds queues that earlier releases left on the brokers of all cells, and with `remove` deletes the empty ones.
 * 0 there are none (any more); 1 there are; 2 a broker did not answer.
 */
export async function cleanQueues(
  context: ManageContext,
  { remove = false }: { readonly remove?: boolean | undefined } = {},
): Promise<CommandResult<readonly OldQueueOf[]>> {
  const api = await context.api();
  const found: OldQueueOf[] = [];
  const silent: string[] = [];
  for (const cell of await new CellMappingRepository().list(api)) {
    if (cell.uuid === CELL0_UUID || cell.transport_url.startsWith('memory:')) continue;
    const hosts = (await new HostMappingRepository().list(api, cell.uuid)).map(({ host }) => host);
    try {
      found.push(
        ...(await oldQueues({ url: brokerOf(cell), cell: cell.name, hosts, remove })).map((queue) => ({
          ...queue,
          cell: cell.name,
        })),
      );
    } catch (error) {
      silent.push(`Cell ${cell.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const left = found.filter(({ removed }) => !removed);
  const lines = [
    ...found.map(lineOf),
    ...silent,
    ...(found.length + silent.length === 0 ? ['There are no queues of earlier releases.'] : []),
  ];
  return ended(silent.length > 0 ? 2 : left.length > 0 ? 1 : 0, lines, found);
}

const brokerOf = ({ transport_url }: CellMapping): string =>
  resolveConnection(transport_url, (path) => readFileSync(path, 'utf8'));

const lineOf = ({ name, messages, consumers, removed }: OldQueue): string =>
  `${name}: ${removed ? 'removed' : `${messages} messages, ${consumers} consumers`}`;
