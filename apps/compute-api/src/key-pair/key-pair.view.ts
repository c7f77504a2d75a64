import type { KeyPair } from '@kilonova/api-db';
import type { ApiRequest } from '@kilonova/http';
import { Since } from '../common/model/microversion.js';
import { utcMicros } from '../common/time.js';

/** What every answer shows; the type since 2.2. */
export const keyPairSummary = (request: ApiRequest, keyPair: KeyPair): Record<string, unknown> => ({
  name: keyPair.name,
  public_key: keyPair.public_key,
  fingerprint: keyPair.fingerprint,
  ...(request.version >= Since.keyPairTypes ? { type: keyPair.type } : {}),
});

/** The answer to a creation. The private key is shown this once. */
export const keyPairCreated = (
  request: ApiRequest,
  keyPair: KeyPair,
  privateKey: string | undefined,
): Record<string, unknown> => ({
  ...keyPairSummary(request, keyPair),
  ...(privateKey === undefined ? {} : { private_key: privateKey }),
  user_id: keyPair.user_id,
});

export const keyPairDetail = (request: ApiRequest, keyPair: KeyPair): Record<string, unknown> => ({
  ...keyPairSummary(request, keyPair),
  user_id: keyPair.user_id,
  created_at: utcMicros(keyPair.created_at),
  deleted: false,
  deleted_at: null,
  id: keyPair.id,
  updated_at: null,
});
