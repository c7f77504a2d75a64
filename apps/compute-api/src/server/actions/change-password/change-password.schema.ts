import { always, object, wrapped } from '../../../common/schema-kit.js';

export const changePassword = always(wrapped('changePassword', object({ adminPass: { type: 'string' } }, ['adminPass'])));
