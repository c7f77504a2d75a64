import { ByteWriter } from './byte-writer.js';
import { type ListedProvider, providerPath, relationsAt } from './provider-answer.js';
import { Since } from './versions.js';

/** Length of a uuid, with its dashes. */
const UUID = 36;
const NOBODY = '0'.repeat(UUID);

/** Bytes of one entry of a list, roughly: what a name of usual length makes it. */
const ENTRY = 900;

/**
 * The list of providers as JSON: what `providerBody` says of each. Most of an entry is links, which differ by a uuid alone, so
 * they are copied from a template, and the uuid is put into its places.
 */
export function providerList(request: { readonly version: number }, providers: readonly ListedProvider[]): Buffer {
  const links = linksTemplate(relationsAt(request.version));
  const nested = request.version >= Since.nestedProviders;
  const out = new ByteWriter(providers.length * ENTRY + ENTRY);
  out.text('{"resource_providers":[');
  let lead = '{"uuid":"';
  for (const provider of providers) {
    const uuidAt = out.length + lead.length;
    out.text(`${lead}${provider.uuid}","name":${JSON.stringify(provider.name)},"generation":${provider.generation},"links":[`);
    const linksAt = out.length;
    out.bytes(links.bytes);
    for (const place of links.places) out.copyWithin(linksAt + place, uuidAt, UUID);
    out.text(nested ? `],${ancestry(provider)}}` : ']}');
    lead = ',{"uuid":"';
  }
  out.text(']}');
  return out.finish();
}

const ancestry = ({ parentUuid, rootUuid }: ListedProvider): string =>
  `"parent_provider_uuid":${parentUuid === null ? 'null' : `"${parentUuid}"`},"root_provider_uuid":"${rootUuid}"`;

interface LinksTemplate {
  readonly bytes: Buffer;
  /** Where a uuid belongs. */
  readonly places: readonly number[];
}

function linksTemplate(relations: readonly string[]): LinksTemplate {
  const self = providerPath(NOBODY);
  const links = [{ rel: 'self', href: self }, ...relations.map((rel) => ({ rel, href: `${self}/${rel}` }))];
  const text = links.map((link) => JSON.stringify(link)).join(',');
  return { bytes: Buffer.from(text), places: [...text.matchAll(new RegExp(NOBODY, 'g'))].map(({ index }) => index) };
}
