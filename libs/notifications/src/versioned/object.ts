/** A versioned object as it stands in a notification: named, numbered, its fields under `nova_object.data`. */
export interface VersionedObject {
  readonly 'nova_object.name': string;
  readonly 'nova_object.namespace': 'nova';
  readonly 'nova_object.version': string;
  readonly 'nova_object.data': Readonly<Record<string, unknown>>;
}

/** Wraps fields into a versioned object. Names and versions are those that consumers of Nova's events know. */
export const versionedObject = (name: string, version: string, data: Record<string, unknown>): VersionedObject => ({
  'nova_object.name': name,
  'nova_object.namespace': 'nova',
  'nova_object.version': version,
  'nova_object.data': data,
});

/** ISO time without fractions, `2026-01-31T10:11:12Z`, as DateTime fields are written. */
export const dateTime = (time: string | Date | null): string | null => {
  if (time === null) return null;
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
};
