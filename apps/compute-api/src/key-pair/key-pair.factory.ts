import { randomBytes } from 'node:crypto';
import type { NewKeyPair } from '@kilonova/api-db';
import { invalid } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { certificateFingerprint, clientCertificate } from './model/certificate.js';
import { opensshRsa, parseSshKey, sshFingerprint } from './model/ssh-key.js';
import { RsaGenerator } from './rsa-generator.service.js';

const BITS = 2048;
const YEARS = 10;

export interface MadeKeyPair {
  readonly keyPair: NewKeyPair;
  /** PEM, shown once and never stored; absent for an imported key. */
  readonly privateKey?: string;
}

const malformed = (reason: string): Error => invalid('compute.key_pair.invalid', `Keypair data is invalid: ${reason}`);

/** Checks keys that users bring, and makes new ones (up to 2.91). */
@Injectable()
export class KeyPairFactory {
  constructor(private readonly rsa: RsaGenerator) {}

  /** @throws AppError 400 when the public key is none of its type. */
  imported(userId: string, name: string, type: 'ssh' | 'x509', publicKey: string): MadeKeyPair {
    const fingerprint = type === 'ssh' ? fingerprintOf(publicKey) : certificateFingerprint(publicKey);
    if (fingerprint === undefined)
      throw malformed(type === 'ssh' ? 'failed to generate fingerprint' : 'failed to generate X509 fingerprint');
    return { keyPair: { user_id: userId, name, type, fingerprint, public_key: publicKey } };
  }

  /** Dear: ask for room in the quota first. @throws AppError 429 when too many keys are being made. */
  async generated(userId: string, name: string, type: 'ssh' | 'x509'): Promise<MadeKeyPair> {
    const pair = await this.rsa.generate(userId, BITS);
    const from = new Date();
    const until = new Date(from);
    until.setUTCFullYear(from.getUTCFullYear() + YEARS);
    const publicKey =
      type === 'ssh'
        ? opensshRsa(pair.publicKey, 'Generated-by-Kilonova')
        : clientCertificate({ ...pair, userId, serial: serial(), from, until });
    const format = type === 'ssh' ? 'pkcs1' : 'pkcs8';
    const privateKey = pair.privateKey.export({ type: format, format: 'pem' }) as string;
    return { ...this.imported(userId, name, type, publicKey), privateKey };
  }
}

const fingerprintOf = (line: string): string | undefined => {
  const key = parseSshKey(line);
  return key && sshFingerprint(key);
};

/** Positive, and no longer than certificates allow (20 bytes). */
const serial = (): Buffer => {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x01;
  return bytes;
};
