import { type Answers, fields } from '@kilonova/http';
import { shown, silent, text, textOrNull } from '../common/response-pieces.js';

export const assistedSnapshotAnswers: Answers = {
  'POST /os-assisted-volume-snapshots': shown(
    'The host of the server that has the volume makes it.',
    fields({ snapshot: fields({ id: textOrNull, volumeId: text }) }),
  ),
  'DELETE /os-assisted-volume-snapshots/:id': silent(204, 'The host of the server that has the volume removes it.'),
};
