import { many, query } from '../common/parameter-types.js';
import { always, object, oneOf, queryText, wrapped } from '../common/schema-kit.js';

const filled = { type: 'string', minLength: 1 };

export const assistedSnapshot = always(
  wrapped(
    'snapshot',
    object(
      {
        volume_id: filled,
        create_info: object({ snapshot_id: filled, type: oneOf('qcow2'), new_file: filled, id: filled }, [
          'snapshot_id',
          'type',
          'new_file',
        ]),
      },
      ['volume_id', 'create_info'],
    ),
  ),
);

export const deleteInfoQuery = query({ delete_info: many(queryText) }, '2.75');
