import { deviceTag, listOf, object, uuid, versions } from '../../common/schema-kit.js';

const port = {
  net_id: uuid,
  port_id: uuid,
  fixed_ips: listOf(object({ ip_address: { type: 'string', format: 'ip' } }, ['ip_address']), { minItems: 1, maxItems: 1 }),
};

/** POST /servers/{id}/os-interface. */
export const attachInterface = versions(
  ['2.1', object({ interfaceAttachment: object(port) })],
  ['2.49', object({ interfaceAttachment: object({ ...port, tag: deviceTag }) })],
);
