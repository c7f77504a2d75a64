import { invalid } from '@kilonova/util';

/** Reads a secret's file; its text is trimmed. */
export type SecretReader = (path: string) => string;

const PART = /\{(file:[^}]+|scheme|username|password|hostname|port|path|query|fragment)\}/g;

const parts = (base: string): Record<string, string> => {
  const url = new URL(base);
  return {
    scheme: url.protocol.slice(0, -1),
    username: url.username,
    password: url.password,
    hostname: url.hostname,
    port: url.port,
    path: url.pathname.replace(/^\//, ''),
    query: url.search.replace(/^\?/, ''),
    fragment: url.hash.replace(/^#/, ''),
  };
};

/**
 * A mapping's URL made usable: `{file:/run/secrets/x}` becomes the file's text, percent-encoded; `{username}`,
 * `{password}`, `{hostname}`, … become the parts of `base`, this process's own URL of that kind.
 * @throws AppError `invalid-input`, code `cell.connection.no_base`, for a part without a base to take it from.
 */
export function resolveConnection(template: string, readSecret: SecretReader, base?: string): string {
  const values = base === undefined ? undefined : parts(base);
  return template.replace(PART, (_match, name: string) => {
    if (name.startsWith('file:')) return encodeURIComponent(readSecret(name.slice('file:'.length)).trim());
    if (values === undefined)
      throw invalid('cell.connection.no_base', `A cell's URL has {${name}}, but there is no URL to take it from.`);
    return values[name] ?? '';
  });
}

/** A URL as it may be shown: the password is hidden. Templates are shown as they are. */
export const maskUrl = (url: string): string => url.replace(/(:\/\/[^/@:]*:)([^@]*)(@)/g, '$1****$3');
