import type { PciAlias } from '@kilonova/compute-objects';

/** What operators set for filters and weighers. Names follow the options of the compute scheduler that they know. */
export interface FilterOptions {
  readonly maxIoOpsPerHost: number;
  readonly maxInstancesPerHost: number;
  /** Image ids that run on isolated hosts only. */
  readonly isolatedImages: readonly string[];
  readonly isolatedHosts: readonly string[];
  /** Isolated hosts take nothing but isolated images. */
  readonly restrictIsolatedHostsToIsolatedImages: boolean;
  /** Of the image properties, only those that begin with this and the separator are compared; empty: all. */
  readonly aggregateImagePropertiesIsolationNamespace: string;
  readonly aggregateImagePropertiesIsolationSeparator: string;
  /** The architecture of images that name none; empty: any. */
  readonly imagePropertiesDefaultArchitecture: string;
  /** `name=ratio`: metrics of hosts, and how much each counts. */
  readonly metricsWeightSetting: readonly string[];
  /** Devices that flavors may ask for by name. */
  readonly pciAliases: readonly PciAlias[];
  /** `property=weight`: image properties that hosts are weighed by; empty: all alike. */
  readonly imagePropsWeightSetting: readonly string[];
}

export const DEFAULT_FILTER_OPTIONS: FilterOptions = {
  maxIoOpsPerHost: 8,
  maxInstancesPerHost: 50,
  isolatedImages: [],
  isolatedHosts: [],
  restrictIsolatedHostsToIsolatedImages: true,
  aggregateImagePropertiesIsolationNamespace: '',
  aggregateImagePropertiesIsolationSeparator: '.',
  imagePropertiesDefaultArchitecture: '',
  metricsWeightSetting: [],
  pciAliases: [],
  imagePropsWeightSetting: [],
};

/** Metric → ratio. What is no number counts as 1. */
export const metricRatios = (settings: readonly string[]): ReadonlyArray<readonly [string, number]> =>
  settings.map((setting) => {
    const [name = '', ratio = ''] = setting.split('=').map((part) => part.trim());
    return [name, ratio === '' || Number.isNaN(Number(ratio)) ? 1 : Number(ratio)] as const;
  });
