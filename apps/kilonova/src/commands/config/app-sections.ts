import type { Section } from '@kilonova/config';

/** What each service reads; loaded when it is asked for, as an app brings all its code along. */
const SECTIONS: Readonly<Record<string, () => Promise<readonly Section[]>>> = {
  'compute-api': async () => (await import('@kilonova/compute-api')).computeApiConfig,
  'super-conductor': async () => (await import('@kilonova/conductor')).superConductorSections,
  'cell-conductor': async () => (await import('@kilonova/conductor')).cellConductorSections,
  scheduler: async () => (await import('@kilonova/scheduler')).schedulerSections,
  'compute-agent': async () => (await import('@kilonova/compute-agent')).agentSections,
  placement: async () => (await import('@kilonova/placement')).placementSections,
  identity: async () => (await import('@kilonova/identity')).identitySections,
  image: async () => (await import('@kilonova/image')).imageSections,
};

/** The services that have a configuration; conductors by their role. */
export const CONFIGURED_APPS: readonly string[] = Object.keys(SECTIONS);

/** The sections that a service reads, in the order of its sample file; undefined: there is no such service. */
export const sectionsOf = async (app: string): Promise<readonly Section[] | undefined> => SECTIONS[app]?.();
