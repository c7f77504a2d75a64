import { ExternalEventHandler } from './external-event/external-event.handler.js';
import { GuestHandler } from './guest/guest.handler.js';
import { HostHandler } from './host/host.handler.js';
import { LiveMigrationHandler } from './live-migration/live-migration.handler.js';
import { AttachInterface } from './steps/attach-interface.step.js';
import { AttachVolume } from './steps/attach-volume.step.js';
import { BackupInstance } from './steps/backup-instance.step.js';
import { BuildInstance } from './steps/build-instance.step.js';
import { CheckCanLiveMigrateDestination } from './steps/check-can-live-migrate-destination.step.js';
import { ConfirmResize } from './steps/confirm-resize.step.js';
import { DetachInterface } from './steps/detach-interface.step.js';
import { DetachVolume } from './steps/detach-volume.step.js';
import { EvacuateInstance } from './steps/evacuate-instance.step.js';
import { ExtendVolume } from './steps/extend-volume.step.js';
import { FinishRebuildElsewhere } from './steps/finish-rebuild-elsewhere.step.js';
import { FinishResize } from './steps/finish-resize.step.js';
import { FinishRevertResize } from './steps/finish-revert-resize.step.js';
import { HardRebootInstance } from './steps/hard-reboot-instance.step.js';
import { LeaveForRebuild } from './steps/leave-for-rebuild.step.js';
import { LiveMigration } from './steps/live-migration.step.js';
import { LiveResizeInstance } from './steps/live-resize-instance.step.js';
import { PauseInstance } from './steps/pause-instance.step.js';
import { PostLiveMigration } from './steps/post-live-migration.step.js';
import { PostLiveMigrationAtDestination } from './steps/post-live-migration-at-destination.step.js';
import { PreLiveMigration } from './steps/pre-live-migration.step.js';
import { PrepRebuildElsewhere } from './steps/prep-rebuild-elsewhere.step.js';
import { PrepResize } from './steps/prep-resize.step.js';
import { RebuildInstance } from './steps/rebuild-instance.step.js';
import { RescueInstance } from './steps/rescue-instance.step.js';
import { ResizeInstance } from './steps/resize-instance.step.js';
import { RestoreInstance } from './steps/restore-instance.step.js';
import { ResumeInstance } from './steps/resume-instance.step.js';
import { RevertResize } from './steps/revert-resize.step.js';
import { RollbackLiveMigration } from './steps/rollback-live-migration.step.js';
import { RollbackLiveMigrationAtDestination } from './steps/rollback-live-migration-at-destination.step.js';
import { SetAdminPassword } from './steps/set-admin-password.step.js';
import { ShelveInstance } from './steps/shelve-instance.step.js';
import { ShelveOffloadInstance } from './steps/shelve-offload-instance.step.js';
import { SnapshotInstance } from './steps/snapshot-instance.step.js';
import { SoftDeleteInstance } from './steps/soft-delete-instance.step.js';
import { SoftRebootInstance } from './steps/soft-reboot-instance.step.js';
import { StartInstance } from './steps/start-instance.step.js';
import { StartShelvedInstance } from './steps/start-shelved-instance.step.js';
import { StopInstance } from './steps/stop-instance.step.js';
import { SuspendInstance } from './steps/suspend-instance.step.js';
import { SwapVolume } from './steps/swap-volume.step.js';
import { TerminateInstance } from './steps/terminate-instance.step.js';
import { TriggerCrashDump } from './steps/trigger-crash-dump.step.js';
import { UnpauseInstance } from './steps/unpause-instance.step.js';
import { UnrescueInstance } from './steps/unrescue-instance.step.js';
import { UnshelveInstance } from './steps/unshelve-instance.step.js';
import { VolumeSnapshotCreate } from './steps/volume-snapshot-create.step.js';
import { VolumeSnapshotDelete } from './steps/volume-snapshot-delete.step.js';

/** What the agent does of operations: one class a step. */
export const STEPS = [
  BuildInstance,
  TerminateInstance,
  StartInstance,
  StopInstance,
  PauseInstance,
  UnpauseInstance,
  SuspendInstance,
  ResumeInstance,
  SoftRebootInstance,
  HardRebootInstance,
  TriggerCrashDump,
  RescueInstance,
  UnrescueInstance,
  SetAdminPassword,
  SnapshotInstance,
  BackupInstance,
  EvacuateInstance,
  CheckCanLiveMigrateDestination,
  PreLiveMigration,
  LiveMigration,
  PostLiveMigration,
  PostLiveMigrationAtDestination,
  RollbackLiveMigration,
  RollbackLiveMigrationAtDestination,
  UnshelveInstance,
  StartShelvedInstance,
  ShelveOffloadInstance,
  ShelveInstance,
  RebuildInstance,
  PrepResize,
  ResizeInstance,
  FinishResize,
  ConfirmResize,
  RevertResize,
  FinishRevertResize,
  SoftDeleteInstance,
  RestoreInstance,
  AttachVolume,
  DetachVolume,
  SwapVolume,
  ExtendVolume,
  VolumeSnapshotCreate,
  VolumeSnapshotDelete,
  AttachInterface,
  DetachInterface,
  LiveResizeInstance,
  PrepRebuildElsewhere,
  LeaveForRebuild,
  FinishRebuildElsewhere,
];

/** What the agent takes messages with. */
export const AGENT_HANDLERS = [HostHandler, LiveMigrationHandler, ExternalEventHandler, GuestHandler, ...STEPS];
