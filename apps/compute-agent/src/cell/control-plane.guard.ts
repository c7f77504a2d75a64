import { ControlPlaneOnly } from '@kilonova/messaging';

/**
 * Agents take orders from the control plane alone: whoever got hold of one host can write to the queues of others of its
 * cell, and is refused there.
 */
export class ControlPlaneGuard extends ControlPlaneOnly {
  protected readonly code = 'agent.sender.refused';
  protected readonly message = 'An agent takes orders from the control plane alone.';
}
