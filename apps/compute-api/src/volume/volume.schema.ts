import { always, bool, int, object, query, queryInt, wrapped } from '../common/schema-kit.js';

/** Of any length: the volume service has rules of its own. */
const words = { type: 'string' };

export const createVolume = always(
  wrapped(
    'volume',
    object(
      {
        volume_type: words,
        metadata: { type: 'object' },
        snapshot_id: words,
        size: int(1),
        availability_zone: words,
        display_name: words,
        display_description: words,
      },
      ['size'],
    ),
  ),
);

export const createSnapshot = always(
  wrapped('snapshot', object({ volume_id: words, force: bool, display_name: words, display_description: words }, ['volume_id'])),
);

export const listPartQuery = always(query({ limit: queryInt, offset: queryInt }));
