export interface ActionEvent {
  readonly host: string;
  readonly instance_uuid: string;
  readonly request_id: string;
  /** `compute__do_build_and_run_instance`, `compute_terminate_instance`, … */
  readonly event: string;
  readonly result?: 'Success' | 'Error';
  readonly details?: string;
  readonly traceback?: string;
}
