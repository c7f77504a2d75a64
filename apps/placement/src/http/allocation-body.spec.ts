import { microversion } from '@kilonova/http';
import { describe, expect, it } from 'vitest';
import { toClaim, toClaims } from './allocation-body.js';

const CONSUMER = '00000000-0000-4000-8000-0000000000c1';
const PROVIDER = '00000000-0000-4000-8000-00000000000a';
const nobody = { projectId: 'nobody', userId: 'none' };

describe('toClaim', () => {
  it('reads the list of old clients, who say neither whose it is nor a generation', () => {
    const body = { allocations: [{ resource_provider: { uuid: PROVIDER }, resources: { VCPU: 1, DISK_GB: 2 } }] };
    expect(toClaim(CONSUMER, body, microversion('1.7'), nobody)).toEqual({
      consumerUuid: CONSUMER,
      ...nobody,
      consumerType: undefined,
      generation: undefined,
      wants: [
        { providerUuid: PROVIDER, class: 'VCPU', amount: 1 },
        { providerUuid: PROVIDER, class: 'DISK_GB', amount: 2 },
      ],
    });
  });

  it('reads allocations by provider, in any form of uuid', () => {
    const body = {
      allocations: { [PROVIDER.toUpperCase()]: { resources: { VCPU: 1 } } },
      project_id: 'p',
      user_id: 'u',
      consumer_generation: null,
      consumer_type: 'INSTANCE',
    };
    const claim = toClaim(CONSUMER.replaceAll('-', ''), body, microversion('1.38'), nobody);
    expect(claim).toEqual({
      consumerUuid: CONSUMER,
      projectId: 'p',
      userId: 'u',
      consumerType: 'INSTANCE',
      generation: null,
      wants: [{ providerUuid: PROVIDER, class: 'VCPU', amount: 1 }],
    });
  });

  it('refuses what is no uuid', () => {
    expect(() => toClaim('pony', { allocations: {} }, microversion('1.28'), nobody)).toThrow('Malformed consumer_uuid: pony');
    const body = { allocations: { ['-'.repeat(36)]: { resources: { VCPU: 1 } } } };
    expect(() => toClaim(CONSUMER, body, microversion('1.28'), nobody)).toThrow('that does not exist');
  });
});

describe('toClaims', () => {
  it('refuses one consumer in two spellings', () => {
    const bodies = { [CONSUMER]: { allocations: {} }, [CONSUMER.toUpperCase()]: { allocations: {} } };
    expect(() => toClaims(bodies, microversion('1.28'), nobody)).toThrow('named more than once');
  });
});
