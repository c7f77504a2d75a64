import { always, anything, object, oneOf, wrapped } from '../../../common/schema-kit.js';

const flavorRef = { type: ['string', 'integer'], minLength: 1 };

export const resize = always(
  wrapped('resize', object({ flavorRef, 'OS-DCF:diskConfig': oneOf('AUTO', 'MANUAL') }, ['flavorRef'])),
);
export const confirmResize = always(wrapped('confirmResize', anything));
export const revertResize = always(wrapped('revertResize', anything));
