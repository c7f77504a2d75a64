import { bool, hostname, object, text, versions, wrapped } from '../../../common/schema-kit.js';

const body = (properties: Parameters<typeof object>[0], required: readonly string[] = []) =>
  wrapped('evacuate', object(properties, required));
const always = { host: hostname, adminPass: text() };

/** Whether the storage is shared is found out by the hosts from 2.14 on; a host is judged by the scheduler from 2.29 on, unless forced. */
export const evacuate = versions(
  ['2.1', body({ ...always, onSharedStorage: bool }, ['onSharedStorage'])],
  ['2.14', body(always)],
  ['2.29', body({ ...always, force: bool })],
  ['2.68', body(always)],
);
