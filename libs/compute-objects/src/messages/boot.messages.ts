import { callMessage, castMessage, resultOf, schema } from '@kilonova/util';
import type { CapacityCount, SelectDestinationsResult } from '../selection.js';
import type { CountCapacity, ScheduleAndBuildInstances, SelectDestinations, TryDestinations } from './boot.args.js';
import { requestSpecSchema } from './schemas/request-spec.schema.js';

const { flag, list, object, oneOf, optional, uuid } = schema;

/** API → super conductor. */
export const scheduleAndBuildInstances = castMessage({
  name: 'schedule_and_build_instances',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<ScheduleAndBuildInstances>({ instance_uuids: list(uuid) }),
});

/** Super conductor → scheduler: hosts for all instances, claimed, or none. */
export const selectDestinations = callMessage({
  name: 'select_destinations',
  topic: 'scheduler',
  level: 'api',
  version: '1.0',
  args: object<SelectDestinations>({
    request_spec: requestSpecSchema,
    instance_uuids: list(uuid),
    return_alternates: flag,
    claim_mode: optional(oneOf(['build', 'move', 'add', 'check'])),
    ignore_cells: optional(list(uuid)),
  }),
  result: resultOf<SelectDestinationsResult>(),
});

/** Super conductor → scheduler: what `select_destinations` would answer. Nothing is claimed. */
export const tryDestinations = callMessage({
  name: 'try_destinations',
  topic: 'scheduler',
  level: 'api',
  version: '1.0',
  args: object<TryDestinations>({ request_spec: requestSpecSchema, instance_uuids: list(uuid) }),
  result: resultOf<SelectDestinationsResult>(),
});

/** API → super conductor: where new servers would go. Nothing is stored. */
export const tryBoot = callMessage({
  name: 'try_boot',
  topic: 'conductor',
  level: 'api',
  version: '1.0',
  args: object<TryDestinations>({ request_spec: requestSpecSchema, instance_uuids: list(uuid) }),
  result: resultOf<SelectDestinationsResult>(),
});

/** API → scheduler: how many more servers of a kind fit. Nothing is claimed. */
export const countCapacity = callMessage({
  name: 'count_capacity',
  topic: 'scheduler',
  level: 'api',
  version: '1.0',
  args: object<CountCapacity>({ request_spec: requestSpecSchema }),
  result: resultOf<CapacityCount>(),
});
