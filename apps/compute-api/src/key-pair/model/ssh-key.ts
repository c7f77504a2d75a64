import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A public key as OpenSSH writes it, taken apart. */
export interface SshKey {
  readonly type: string;
  readonly blob: Buffer;
}

const CURVES: Readonly<Record<string, string>> = {
  'ecdsa-sha2-nistp256': 'P-256',
  'ecdsa-sha2-nistp384': 'P-384',
  'ecdsa-sha2-nistp521': 'P-521',
};

/** The length-prefixed strings that a blob is made of (RFC 4251, section 5); undefined when they do not fill it exactly. */
function stringsOf(blob: Buffer): Buffer[] | undefined {
  const strings: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    strings.push(blob.subarray(at + 4, end));
    at = end;
  }
  return strings;
}

const url = (bytes: Buffer): string => bytes.toString('base64url');
const unsigned = (mpint: Buffer): Buffer => (mpint[0] === 0 ? mpint.subarray(1) : mpint);

/** The key as a JSON Web Key; undefined for a type that is checked by its form alone, null for a malformed one. */
function jwkOf(type: string, parts: readonly Buffer[]): JsonWebKey | undefined | null {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = parts;
  if (type === 'ssh-rsa') return parts.length === 2 ? { kty: 'RSA', e: url(unsigned(first)), n: url(unsigned(second)) } : null;
  if (type === 'ssh-ed25519')
    return parts.length === 1 && first.length === 32 ? { kty: 'OKP', crv: 'Ed25519', x: url(first) } : null;
  const curve = CURVES[type];
  if (curve !== undefined) {
    const half = (second.length - 1) / 2;
    if (parts.length !== 2 || second[0] !== 4 || !Number.isInteger(half)) return null;
    return { kty: 'EC', crv: curve, x: url(second.subarray(1, 1 + half)), y: url(second.subarray(1 + half)) };
  }
  if (type === 'ssh-dss') return parts.length === 4 ? undefined : null;
  return /^sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com$/.test(type) && parts.length >= 2 ? undefined : null;
}

function isKey(jwk: JsonWebKey): boolean {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits === undefined || (bits >= 512 && bits <= 16_384);
  } catch {
    return false;
  }
}

/** `ssh-rsa AAAA… comment` → its type and blob; undefined when it is no key of a type that OpenSSH knows. */
export function parseSshKey(line: string): SshKey | undefined {
  const [type = '', encoded = ''] = line.trim().split(/\s+/);
  if (encoded === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const blob = Buffer.from(encoded, 'base64');
  const [named, ...parts] = stringsOf(blob) ?? [];
  if (named?.toString('latin1') !== type) return undefined;
  const jwk = jwkOf(type, parts);
  if (jwk === null || (jwk !== undefined && !isKey(jwk))) return undefined;
  return { type, blob };
}

const colons = (hex: string): string => hex.match(/../g)?.join(':') ?? '';

/** MD5 over the blob, in pairs with colons: how fingerprints of the API have always been written. */
export const sshFingerprint = (key: SshKey): string => colons(createHash('md5').update(key.blob).digest('hex'));

const field = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** An integer never reads as negative: a zero byte goes before a set top bit. */
const mpint = (bytes: Buffer): Buffer => field((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);

/** An RSA public key in OpenSSH's form, one line. */
export function opensshRsa(publicKey: KeyObject, comment: string): string {
  const { e = '', n = '' } = publicKey.export({ format: 'jwk' });
  const blob = Buffer.concat([
    field(Buffer.from('ssh-rsa')),
    mpint(Buffer.from(e, 'base64url')),
    mpint(Buffer.from(n, 'base64url')),
  ]);
  return `ssh-rsa ${blob.toString('base64')} ${comment}`;
}
