import { always, anything, hostname, nullable, object, versions, wrapped, zone } from '../../../common/schema-kit.js';

export const shelve = always(wrapped('shelve', anything));
export const shelveOffload = always(wrapped('shelveOffload', anything));
export const unshelve = versions(
  ['2.1', wrapped('unshelve', anything)],
  ['2.77', wrapped('unshelve', nullable(object({ availability_zone: zone }, ['availability_zone'])))],
  ['2.91', wrapped('unshelve', nullable({ ...object({ availability_zone: nullable(zone), host: hostname }), minProperties: 1 }))],
);
