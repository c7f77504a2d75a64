import type { NewKeyPair } from '@kilonova/api-db';
import { NotificationEmitter, versionedObject } from '@kilonova/notifications';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { ComputeSettings } from '../common/settings.js';

type KeyPairFacts = Pick<NewKeyPair, 'user_id' | 'name'> & Partial<NewKeyPair>;

/** Tells outsiders of key pairs: `keypair.create|import|delete` with `.start` and `.end`. */
@Injectable()
export class KeyPairNotifier {
  constructor(
    private readonly emitter: NotificationEmitter,
    private readonly settings: ComputeSettings,
  ) {}

  async tell(ctx: Ctx, change: 'create' | 'import' | 'delete', phase: 'start' | 'end', keyPair: KeyPairFacts): Promise<void> {
    const eventType = `keypair.${change}.${phase}`;
    await this.emitter.emit(ctx, {
      publisher: { service: 'api', host: this.settings.api.host },
      versioned: { eventType, payload: () => payloadOf(keyPair) },
      legacy: {
        eventType,
        payload: () => ({ tenant_id: ctx.principal?.projectId, user_id: keyPair.user_id, key_name: keyPair.name }),
      },
    });
  }
}

/** KeypairPayload 1.0. */
const payloadOf = (keyPair: KeyPairFacts): unknown =>
  versionedObject('KeypairPayload', '1.0', {
    user_id: keyPair.user_id,
    name: keyPair.name,
    fingerprint: keyPair.fingerprint ?? null,
    public_key: keyPair.public_key ?? null,
    type: keyPair.type ?? 'ssh',
  });
