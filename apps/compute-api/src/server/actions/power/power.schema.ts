import { always, anything, nothing, object, oneOf, wrapped } from '../../../common/schema-kit.js';

export const start = always(wrapped('os-start', anything));
export const stop = always(wrapped('os-stop', anything));
export const pause = always(wrapped('pause', anything));
export const unpause = always(wrapped('unpause', anything));
export const suspend = always(wrapped('suspend', anything));
export const resume = always(wrapped('resume', anything));
const rebootType = oneOf('HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft');
export const reboot = always(wrapped('reboot', object({ type: rebootType }, ['type'])));
export const triggerCrashDump = always(wrapped('trigger_crash_dump', nothing));
