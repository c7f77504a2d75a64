// Cell conductor (and API) → agent: the steps of operations, one line each.
import { stepMessage } from './step-message.js';

export const buildAndRunInstance = stepMessage('build_and_run_instance');
export const terminateInstance = stepMessage('terminate_instance');
export const startInstance = stepMessage('start_instance');
export const stopInstance = stepMessage('stop_instance');
export const pauseInstance = stepMessage('pause_instance');
export const unpauseInstance = stepMessage('unpause_instance');
export const suspendInstance = stepMessage('suspend_instance');
export const resumeInstance = stepMessage('resume_instance');
export const softRebootInstance = stepMessage('soft_reboot_instance');
export const hardRebootInstance = stepMessage('hard_reboot_instance');
export const triggerCrashDump = stepMessage('trigger_crash_dump');
export const rescueInstance = stepMessage('rescue_instance');
export const unrescueInstance = stepMessage('unrescue_instance');
export const setAdminPassword = stepMessage('set_admin_password');
export const snapshotInstance = stepMessage('snapshot_instance');
export const backupInstance = stepMessage('backup_instance');
export const prepResize = stepMessage('prep_resize');
export const resizeInstance = stepMessage('resize_instance');
export const finishResize = stepMessage('finish_resize');
export const confirmResize = stepMessage('confirm_resize');
export const revertResize = stepMessage('revert_resize');
export const finishRevertResize = stepMessage('finish_revert_resize');
export const softDeleteInstance = stepMessage('soft_delete_instance');
export const restoreInstance = stepMessage('restore_instance');
