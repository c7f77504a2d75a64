import { always, nullable, object, wrapped } from '../../../common/schema-kit.js';
import { backupType } from '../image/server-image.schema.js';

export const purgeBackups = always(wrapped('purgeBackups', nullable(object({ backup_type: backupType }))));
