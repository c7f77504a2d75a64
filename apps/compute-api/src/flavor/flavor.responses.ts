import { type Answers, byKey, fields, goneSince, list, maybe, replacedAt, since } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { bool, count, links, next, number, shown, silent, text, textOrNull, word } from '../common/response-pieces.js';

const summary = fields({ id: text, name: text, links, description: since(Since.flavorDescription, textOrNull) });

/** A swap of 0 was an empty text. */
const swap = replacedAt(Since.strictQueries, { anyOf: [count, word('')] }, count);

const flavor = fields({
  id: text,
  name: text,
  ram: count,
  disk: count,
  swap,
  'OS-FLV-EXT-DATA:ephemeral': count,
  'OS-FLV-DISABLED:disabled': goneSince(Since.leanFlavors, bool),
  vcpus: count,
  'os-flavor-access:is_public': bool,
  rxtx_factor: goneSince(Since.leanFlavors, number),
  links,
  description: since(Since.flavorDescription, textOrNull),
  extra_specs: since(Since.flavorExtraSpecs, maybe(byKey(text))),
});
const one = fields({ flavor });
const specs = fields({ extra_specs: byKey(text) });
const spec = { ...byKey(text).at(0), minProperties: 1, maxProperties: 1 };
const access = fields({ flavor_access: list(fields({ flavor_id: text, tenant_id: text })) });

export const flavorAnswers: Answers = {
  'GET /flavors': shown('Flavors that the caller may use.', fields({ flavors: list(summary), flavors_links: maybe(next) })),
  'GET /flavors/detail': shown(
    'Flavors that the caller may use, in full.',
    fields({ flavors: list(flavor), flavors_links: maybe(next) }),
  ),
  'GET /flavors/:id': shown('A flavor.', one),
  'POST /flavors': shown('The flavor was made.', one),
  'PUT /flavors/:id': shown('The flavor as it is now.', one),
  'DELETE /flavors/:id': silent(202, 'The flavor is gone.'),
  'GET /flavors/:flavor_id/os-flavor-access': shown('The projects that may use a private flavor.', access),
  'POST /flavors/:id/action addTenantAccess': shown('The projects that may use it now.', access),
  'POST /flavors/:id/action removeTenantAccess': shown('The projects that may use it now.', access),
  'GET /flavors/:flavor_id/os-extra_specs': shown('Extra specs of a flavor.', specs),
  'POST /flavors/:flavor_id/os-extra_specs': shown('The extra specs that were set.', specs),
  'GET /flavors/:flavor_id/os-extra_specs/:id': shown('One extra spec.', spec),
  'PUT /flavors/:flavor_id/os-extra_specs/:id': shown('The extra spec as it is now.', spec),
  'DELETE /flavors/:flavor_id/os-extra_specs/:id': silent(200, 'The extra spec is gone.'),
};
