/** Keys whose values never reach a log, in lower case. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'password',
  'adminpass',
  'admin_pass',
  'admin_password',
  'original_password',
  'token',
  'authtoken',
  'auth_token',
  'authorization',
  'secret',
  'user_data',
  'x-auth-token',
  'x-service-token',
  'x-subject-token',
]);

const COVER = '***';

/** How deep into what is logged secrets are looked for. */
const DEPTH = 4;

/**
 * A copy of the fields with the values of secret keys covered, at any depth that is looked at. Fields without any are
 * returned as they are, as nearly all are: a log line costs no copy.
 */
export function withoutSecrets(fields: Record<string, unknown>, depth = DEPTH): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const key in fields) {
    const value = fields[key];
    const covered = SECRET_KEYS.has(key) || SECRET_KEYS.has(key.toLowerCase()) ? hidden(value) : inner(value, depth);
    if (covered === value) continue;
    copy ??= { ...fields };
    copy[key] = covered;
  }
  return copy ?? fields;
}

const hidden = (value: unknown): unknown => (value === undefined || value === null || value === '' ? value : COVER);

/** Errors have a serializer of their own. */
function inner(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || depth === 0) return value;
  if (!Array.isArray(value)) return withoutSecrets(value as Record<string, unknown>, depth - 1);
  const items = value.map((item) => inner(item, depth - 1));
  return items.some((item, index) => item !== value[index]) ? items : value;
}
