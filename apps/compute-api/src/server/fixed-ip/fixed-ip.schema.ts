import type { JsonSchema } from '@kilonova/http';
import { always, object, wrapped } from '../../common/schema-kit.js';

const networkId: JsonSchema = {
  anyOf: [
    { type: 'string', minLength: 1, maxLength: 255 },
    { type: 'integer', minimum: 0 },
  ],
};

export const addFixedIp = always(wrapped('addFixedIp', object({ networkId }, ['networkId'])));
export const removeFixedIp = always(wrapped('removeFixedIp', object({ address: { type: 'string', format: 'ip' } }, ['address'])));
