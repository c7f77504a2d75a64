import { schema } from '@kilonova/util';
import type { Flavor } from '../../flavor.js';

const { decimal, dictionary, flag, integer, nameText, nullable, object, text } = schema;

export const flavorSchema = object<Flavor>({
  id: integer(),
  flavorid: nameText(),
  name: nameText(),
  vcpus: integer(),
  memory_mb: integer(),
  root_gb: integer(),
  ephemeral_gb: integer(),
  swap: integer(),
  rxtx_factor: decimal(),
  is_public: flag,
  disabled: flag,
  description: nullable(text(65_535)),
  extra_specs: dictionary(text(65_535)),
});
