import { always, nothing, wrapped } from '../../common/schema-kit.js';

export const forceComplete = always(wrapped('force_complete', nothing));
