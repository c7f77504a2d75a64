import { type HostFilter, PASS, reject } from './host-filter.js';

/** Takes hosts whose service is enabled and has reported lately. */
export const computeFilter: HostFilter = {
  name: 'ComputeFilter',
  check(host, _spec, facts) {
    const { disabled, forcedDown, lastSeenUp } = host.facts.service;
    if (disabled) return reject('the compute service is disabled');
    if (forcedDown) return reject('the compute service is forced down');
    if (lastSeenUp === null) return reject('the compute service has never reported');
    const silentSeconds = (facts.now.getTime() - lastSeenUp.getTime()) / 1000;
    if (silentSeconds > facts.serviceDownTime)
      return reject(`the compute service has been silent for ${Math.round(silentSeconds)} s`);
    return PASS;
  },
};
