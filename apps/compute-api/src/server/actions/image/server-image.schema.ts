import { always, int, metadata, name, object, text, wrapped } from '../../../common/schema-kit.js';

export const createImage = always(wrapped('createImage', object({ name, metadata }, ['name'])));

/** It becomes part of a question to the image service, whose length has an end. */
export const backupType = text(0, 255);
export const createBackup = always(
  wrapped(
    'createBackup',
    object({ name, backup_type: backupType, rotation: int(0), metadata }, ['name', 'backup_type', 'rotation']),
  ),
);
