import { always, nullable, object, text, wrapped } from '../../../common/schema-kit.js';

export const purgeBackups = always(wrapped('purgeBackups', nullable(object({ backup_type: text(0, 65_535) }))));
