import { always, anything, nullable, object, oneOf, text, versions, wrapped } from '../../common/schema-kit.js';

export const lock = versions(
  ['2.1', wrapped('lock', anything)],
  ['2.73', wrapped('lock', nullable(object({ locked_reason: text(1) })))],
);
export const start = always(wrapped('os-start', anything));
export const stop = always(wrapped('os-stop', anything));
export const unlock = always(wrapped('unlock', anything));
export const resetState = always(wrapped('os-resetState', object({ state: oneOf('active', 'error') }, ['state'])));
export const forceDelete = always(wrapped('forceDelete', anything));
export const restore = always(wrapped('restore', anything));
