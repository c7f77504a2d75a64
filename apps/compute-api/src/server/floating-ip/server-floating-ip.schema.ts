import type { JsonSchema, SchemaVersion } from '@kilonova/http';
import { always, object, wrapped } from '../../common/schema-kit.js';

const ip: JsonSchema = { type: 'string', format: 'ip' };
const address = (action: string, extra: Readonly<Record<string, JsonSchema>> = {}): readonly SchemaVersion[] =>
  always(wrapped(action, object({ address: ip, ...extra }, ['address'])));

export const addFloatingIp = address('addFloatingIp', { fixed_address: ip });
export const removeFloatingIp = address('removeFloatingIp');
