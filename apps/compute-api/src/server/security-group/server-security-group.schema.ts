import type { SchemaVersion } from '@kilonova/http';
import { always, object, text, wrapped } from '../../common/schema-kit.js';

const named = (action: string): readonly SchemaVersion[] => always(wrapped(action, object({ name: text(1) }, ['name'])));

export const addSecurityGroup = named('addSecurityGroup');
export const removeSecurityGroup = named('removeSecurityGroup');
