import { ControlPlaneOnly } from '@kilonova/messaging';

/** What a cell's conductor takes from the control plane alone. */
export class ControlPlaneGuard extends ControlPlaneOnly {
  protected readonly code = 'conductor.sender.refused';
  protected readonly message = 'This is for the control plane alone.';
}
