import { always, anything, nullable, object, uuid, wrapped } from '../../../common/schema-kit.js';

const choice = object({ adminPass: { type: 'string' }, rescue_image_ref: uuid });

export const rescue = always(wrapped('rescue', nullable(choice)));
export const unrescue = always(wrapped('unrescue', anything));
