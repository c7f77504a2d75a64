const MAX_LENGTH = 63;

/**
 * A name that a guest can bear: lower case, `-` for blanks, underscores and dots, nothing but letters, digits and hyphens.
 * `Server-<uuid>` when nothing is left.
 */
export function hostnameFor(name: string, uuid: string): string {
  const clean = name
    .normalize('NFC')
    .slice(0, MAX_LENGTH)
    .replace(/[\s_.]+/g, '-')
    .replace(/[^\w-]+/g, '')
    .toLowerCase()
    .replace(/^[-.]+|[-.]+$/g, '');
  return clean === '' ? `Server-${uuid}` : clean;
}

/** `web` for one server; `web-1`, `web-2` … for several of one request. */
export const numbered = (name: string, index: number, count: number): string => (count > 1 ? `${name}-${index + 1}` : name);
