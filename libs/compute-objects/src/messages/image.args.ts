/** How far the hosts of an aggregate have been asked, in the order of their names. */
export interface CachingSoFar {
  /** The last host that was asked. */
  readonly after: string;
  /** Hosts that were asked, this one among them. */
  readonly asked: number;
  /** Hosts that there were in the beginning. */
  readonly total: number;
}

export interface CacheImages {
  readonly aggregate_id: number;
  readonly image_ids: readonly string[];
  /** Left out: nobody has been asked. */
  readonly so_far?: CachingSoFar;
}

export interface CacheImagesOnHost {
  readonly host: string;
  readonly image_ids: readonly string[];
}

/** What became of an image on a host: it was fetched, had been there, could not be fetched, or the hypervisor keeps none. */
export type ImageCacheStatus = 'cached' | 'existing' | 'error' | 'unsupported';

/** By image. */
export type ImageCacheResults = Readonly<Record<string, ImageCacheStatus>>;
