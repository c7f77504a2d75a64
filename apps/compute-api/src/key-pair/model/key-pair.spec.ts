import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateFingerprint, clientCertificate } from './certificate.js';
import { opensshRsa, parseSshKey, sshFingerprint } from './ssh-key.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });

describe('SSH keys', () => {
  it('are written so that they can be read again', () => {
    const line = opensshRsa(rsa.publicKey, 'someone');
    expect(line).toMatch(/^ssh-rsa AAAAB3NzaC1yc2E\S+ someone$/);
    expect(parseSshKey(line)?.type).toBe('ssh-rsa');
  });

  it('have the fingerprint that OpenSSH tells (ssh-keygen -l -E md5)', () => {
    const key = parseSshKey('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICznZRCYkBzq3Z5ghKBC9bBF1v02GtRs5tbQIii+7qSj me');
    expect(key).toBeDefined();
    expect(sshFingerprint(key as NonNullable<typeof key>)).toBe('c0:a5:7d:fc:5b:83:98:9c:06:33:95:e0:c2:54:df:13');
  });

  it.each([
    ['no key at all', 'ssh-rsa JUNK nova@ubuntu'],
    ['zeros', `ssh-rsa ${'A'.repeat(2048)} openstack@ubuntu`],
    ['a blank', ' '],
    ['another type than its blob says', opensshRsa(rsa.publicKey, 'x').replace('ssh-rsa', 'ssh-dss')],
    ['half of one', opensshRsa(rsa.publicKey, 'x').slice(0, 120)],
    ['a type nobody knows', `ssh-foo ${Buffer.from('\0\0\0\u0007ssh-foo').toString('base64')}`],
  ])('are refused: %s', (_what, line) => {
    expect(parseSshKey(line)).toBeUndefined();
  });
});

describe('certificates', () => {
  const pem = clientCertificate({
    ...rsa,
    userId: 'fake',
    serial: Buffer.of(1, 2, 3),
    from: new Date('2026-01-01T00:00:00Z'),
    until: new Date('2066-01-01T00:00:00Z'),
  });

  it('verify with their own key and name the user', () => {
    const certificate = new X509Certificate(pem);
    expect(certificate.verify(rsa.publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=fake');
    expect(certificate.validTo).toBe('Jan  1 00:00:00 2066 GMT');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  it('have a fingerprint, other texts have none', () => {
    expect(certificateFingerprint(pem)).toMatch(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/);
    expect(certificateFingerprint('nothing')).toBeUndefined();
  });
});
