import { type KeyObject, sign, X509Certificate } from 'node:crypto';
import { bits, context, integer, nothing, octets, oid, sequence, set, time, utf8 } from './der.js';

const SHA256_RSA = sequence(oid('1.2.840.113549.1.1.11'), nothing());
const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALT_NAME = '2.5.29.17';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const USER_PRINCIPAL_NAME = '1.3.6.1.4.1.311.20.2.3';

export interface CertificateFacts {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** Who logs in with it. */
  readonly userId: string;
  readonly serial: Buffer;
  readonly from: Date;
  readonly until: Date;
}

/** A self-signed client certificate as Windows hosts take it for WinRM logins: the user's principal name stands in it. */
export function clientCertificate(facts: CertificateFacts): string {
  const name = sequence(set(sequence(oid(COMMON_NAME), utf8(facts.userId))));
  const principal = context(0, oid(USER_PRINCIPAL_NAME), context(0, utf8(`${facts.userId}@localhost`)));
  const extensions = sequence(
    sequence(oid(EXTENDED_KEY_USAGE), octets(sequence(oid(CLIENT_AUTH)))),
    sequence(oid(SUBJECT_ALT_NAME), octets(sequence(principal))),
  );
  const body = sequence(
    context(0, integer(Buffer.of(2))),
    integer(facts.serial),
    SHA256_RSA,
    name,
    sequence(time(facts.from), time(facts.until)),
    name,
    facts.publicKey.export({ type: 'spki', format: 'der' }),
    context(3, extensions),
  );
  const signed = sequence(body, SHA256_RSA, bits(sign('sha256', body, facts.privateKey)));
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** SHA-1 of a certificate in pairs with colons; undefined when the text is none. */
export function certificateFingerprint(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).fingerprint.toLowerCase();
  } catch {
    return undefined;
  }
}
