import { type Answers, fields, list, since } from '@kilonova/http';
import { Since } from '../../common/model/microversion.js';
import { count, micros, microsOrNull, orNull, shown, silent, text, textOrNull, uuid } from '../../common/response-pieces.js';

const PATH = '/servers/:id/migrations';
const bytes = orNull(count);

const migration = fields({
  created_at: micros,
  dest_compute: textOrNull,
  dest_host: textOrNull,
  dest_node: textOrNull,
  disk_processed_bytes: bytes,
  disk_remaining_bytes: bytes,
  disk_total_bytes: bytes,
  id: count,
  memory_processed_bytes: bytes,
  memory_remaining_bytes: bytes,
  memory_total_bytes: bytes,
  server_uuid: uuid,
  source_compute: textOrNull,
  source_node: textOrNull,
  status: text,
  updated_at: microsOrNull,
  uuid: since(Since.migrationPaging, uuid),
  user_id: since(Since.migrationOwners, textOrNull),
  project_id: since(Since.migrationOwners, textOrNull),
});

export const serverMigrationAnswers: Answers = {
  [`GET ${PATH}`]: shown('Its live migrations that are under way.', fields({ migrations: list(migration) })),
  [`GET ${PATH}/:migration`]: shown('One of them, and how far it is.', fields({ migration })),
  [`DELETE ${PATH}/:migration`]: silent(202, 'It will be aborted.'),
  [`POST ${PATH}/:migration/action force_complete`]: silent(202, 'It will be brought to its end.'),
};
