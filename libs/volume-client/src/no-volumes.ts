import { AppError } from '@kilonova/util';
import { VolumeService } from './volume-service.port.js';

const none = (): never => {
  throw new AppError({ kind: 'not-implemented', code: 'volume.none', message: 'This cloud has no volume service.' });
};

/** A cloud without a volume service. */
export class NoVolumes extends VolumeService {
  readonly isThere = false;
  find = async () => undefined;
  findSnapshot = async () => undefined;
  createSnapshot = async () => none();
  deleteSnapshot = async () => undefined;
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
  delete = async () => 'gone' as const;
  close = async () => undefined;
}
