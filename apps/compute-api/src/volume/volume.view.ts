import type { SnapshotDetail, VolumeDetail } from '@kilonova/volume-client';

/** A volume, as of old: of the servers that have it one is shown. Source: Nova's proxy. */
export const volumeView = (volume: VolumeDetail) => ({
  id: volume.id,
  status: volume.status,
  size: volume.size,
  availabilityZone: volume.availabilityZone,
  createdAt: volume.createdAt,
  attachments: [attachmentView(volume)],
  displayName: volume.name,
  displayDescription: volume.description,
  volumeType: volume.type,
  snapshotId: volume.snapshotId,
  metadata: volume.metadata,
});

function attachmentView({ id, attachments: [first] }: VolumeDetail) {
  if (first === undefined) return {};
  const device = first.device === null ? {} : { device: first.device };
  return { id, volumeId: id, serverId: first.serverId, ...device };
}

export const snapshotView = (snapshot: SnapshotDetail) => ({
  id: snapshot.id,
  volumeId: snapshot.volumeId,
  status: snapshot.status,
  size: snapshot.size,
  createdAt: snapshot.createdAt,
  displayName: snapshot.name,
  displayDescription: snapshot.description,
});
