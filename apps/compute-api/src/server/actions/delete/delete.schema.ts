import { always, anything, wrapped } from '../../../common/schema-kit.js';

export const forceDelete = always(wrapped('forceDelete', anything));
