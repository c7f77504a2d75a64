import { listOf, object, oneOf, text, uuid, versions } from '../common/schema-kit.js';

const NETWORK = ['network-changed', 'network-vif-plugged', 'network-vif-unplugged', 'network-vif-deleted'];
const events = (names: readonly string[]) =>
  object(
    {
      events: listOf(
        object({ name: oneOf(...names), server_uuid: uuid, status: oneOf('completed', 'failed', 'in-progress'), tag: text() }, [
          'name',
          'server_uuid',
        ]),
        {
          minItems: 1,
        },
      ),
    },
    ['events'],
  );
const at251 = [...NETWORK, 'volume-extended'];
const at276 = [...at251, 'power-update'];
const at282 = [...at276, 'accelerator-request-bound'];

/** POST /os-server-external-events. */
export const externalEvents = versions(
  ['2.1', events(NETWORK)],
  ['2.51', events(at251)],
  ['2.76', events(at276)],
  ['2.82', events(at282)],
  ['2.93', events([...at282, 'volume-reimaged'])],
);
