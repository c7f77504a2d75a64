import { always, object, wrapped } from '../../../common/schema-kit.js';

const flavorRef = { type: ['string', 'integer'], minLength: 1 };

export const liveResize = always(wrapped('liveResize', object({ flavorRef }, ['flavorRef'])));
