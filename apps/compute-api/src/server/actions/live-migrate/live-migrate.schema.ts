import { bool, hostname, nullable, object, oneOf, versions, wrapped } from '../../../common/schema-kit.js';

const body = (properties: Parameters<typeof object>[0], required: readonly string[]) =>
  wrapped('os-migrateLive', object(properties, required));
const host = nullable(hostname);
const auto = { anyOf: [bool, oneOf('auto')] };

/** From 2.25 on the hosts find out whether disks have to be copied; a host is judged by the scheduler from 2.30 on, unless forced. */
export const liveMigrate = versions(
  ['2.1', body({ host, block_migration: bool, disk_over_commit: bool }, ['host', 'block_migration', 'disk_over_commit'])],
  ['2.25', body({ host, block_migration: auto }, ['host', 'block_migration'])],
  ['2.30', body({ host, block_migration: auto, force: bool }, ['host', 'block_migration'])],
  ['2.68', body({ host, block_migration: auto }, ['host', 'block_migration'])],
);
