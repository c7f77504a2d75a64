import { always, object, oneOf, wrapped } from '../../../common/schema-kit.js';

export const resetState = always(wrapped('os-resetState', object({ state: oneOf('active', 'error') }, ['state'])));
