import type { Metrics } from '@kilonova/observability';
import type { HostPicture } from './host-picture.js';

/** How many hosts the scheduler knows, and how long ago it looked at each cell. */
export function pictureMetrics(metrics: Metrics, picture: Pick<HostPicture, 'size' | 'ages'>): void {
  metrics.reading('scheduler_picture_nodes', 'Compute nodes that the scheduler knows', () => picture.size);
  metrics.readings(
    'scheduler_picture_age_seconds',
    'Time since what is known of a cell was read; infinite where it never was',
    'cell',
    () => picture.ages().map(([cell, ageMs]) => [cell, ageMs / 1000] as const),
  );
}
