import { always, anything, wrapped } from '../../../common/schema-kit.js';

export const injectNetworkInfo = always(wrapped('injectNetworkInfo', anything));
