import type { PciAlias } from '@kilonova/compute-objects';
import type { ComputeApiValues } from '../compute-api.config.js';
import type { QuotaDefaults } from '../quota/model/quota-resources.js';

/** What of the configuration use cases and controllers act on. A class, so that it is its own token. */
export class ComputeSettings {
  constructor(
    readonly api: ComputeApiValues,
    readonly quotas: QuotaDefaults,
    /** How long an agent is waited for, milliseconds. */
    readonly callTimeoutMs: number,
    /** Where links to images lead outside this API; empty when the catalog alone knows. */
    readonly imageUrl = '',
    /** Devices that flavors may ask for by name. */
    readonly pciAliases: readonly PciAlias[] = [],
  ) {}

  get serviceDownMs(): number {
    return this.api.serviceDownTimeSeconds * 1000;
  }
}
