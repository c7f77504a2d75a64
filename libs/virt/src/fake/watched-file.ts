import { readFileSync, statSync } from 'node:fs';

/**
 * The JSON object in a file that is read again whenever it changes, so that a running cloud can be changed. A missing file is
 * undefined; so is a faulty one, which is told.
 * @param faultsOf what is wrong with the text; nothing when it can be used
 */
export function watchedFile<T>(
  path: string,
  faultsOf: (text: string) => readonly string[],
  tell: (fault: string) => void,
): () => T | undefined {
  let seen = '';
  let current: T | undefined;
  return () => {
    const stamp = fileStamp(path);
    if (stamp === seen) return current;
    seen = stamp;
    const text = textOf(path);
    const faults = text === undefined ? [] : faultsOf(text);
    for (const fault of faults) tell(`${path}: ${fault}`);
    current = text === undefined || faults.length > 0 ? undefined : (JSON.parse(text) as T);
    return current;
  };
}

/** What the text says as JSON, or that it is none. */
export function parsedObject(text: string): { readonly value: object } | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `is no JSON: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'must be an object' };
  return { value };
}

function fileStamp(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
}

/** Undefined for a file that went away meanwhile. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
