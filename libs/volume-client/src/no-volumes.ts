import { AppError } from '@kilonova/util';
import { UserVolumes } from './user-volumes.port.js';
import { VolumeService } from './volume-service.port.js';

const NOT_FOUND = { outcome: 'refused', reason: 'not-found', message: 'There is none.' } as const;

const none = (): never => {
  throw new AppError({ kind: 'not-implemented', code: 'volume.none', message: 'This cloud has no volume service.' });
};

class NobodysVolumes extends UserVolumes {
  volumes = async () => [];
  volume = async () => undefined;
  createVolume = async () => none();
  deleteVolume = async () => NOT_FOUND;
  snapshots = async () => [];
  snapshot = async () => undefined;
  createSnapshot = async () => none();
  deleteSnapshot = async () => NOT_FOUND;
}

/** A cloud without a volume service. */
export class NoVolumes extends VolumeService {
  readonly isThere = false;
  asUser = () => new NobodysVolumes();
  find = async () => undefined;
  findSnapshot = async () => undefined;
  createSnapshot = async () => none();
  deleteSnapshot = async () => undefined;
  setSnapshotStatus = async () => undefined;
  hasType = async () => false;
  create = async () => none();
  get = async () => undefined;
  reserve = async () => none();
  attachments = async () => [];
  connect = async () => none();
  complete = async () => none();
  release = async () => undefined;
  beginDetaching = async () => none();
  rollDetaching = async () => undefined;
  completeMigration = async () => none();
  reimage = async () => none();
  delete = async () => 'gone' as const;
  close = async () => undefined;
}
