import { discoverHosts as discover, listHosts, ManageContext } from '@kilonova/manage';
import { AppError } from '@kilonova/util';
import type { CloudLayout } from './cloud-layout.js';

/**
 * Maps the hosts that have registered since the last time.
 * @returns how many hosts are mapped in all.
 * @throws AppError `conflict` when a host is mapped to another cell already.
 */
export async function discoverHosts(layout: CloudLayout): Promise<number> {
  const context = new ManageContext(layout.databases.api);
  try {
    const { exitCode, lines } = await discover(context);
    if (exitCode !== 0) throw new AppError({ kind: 'conflict', code: 'kilonova.up.hosts', message: lines.join('\n') });
    return (await listHosts(context)).value.length;
  } finally {
    await context.close();
  }
}
