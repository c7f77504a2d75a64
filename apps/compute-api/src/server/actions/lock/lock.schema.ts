import { always, anything, nullable, object, text, versions, wrapped } from '../../../common/schema-kit.js';

export const lock = versions(
  ['2.1', wrapped('lock', anything)],
  ['2.73', wrapped('lock', nullable(object({ locked_reason: text(1) })))],
);
export const unlock = always(wrapped('unlock', anything));
