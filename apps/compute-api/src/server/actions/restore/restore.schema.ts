import { always, anything, wrapped } from '../../../common/schema-kit.js';

export const restore = always(wrapped('restore', anything));
