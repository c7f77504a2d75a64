const server = (words) => `openstack --os-compute-api-version 2.92 server ${words}`;

/** What the recorded cloud held before its first command. */
export const SEED = ['openstack flavor create --vcpus 64 --ram 999999999 --disk 1 huge'];

/** Commands that were given between the recorded ones and left no record of their own, by the recording that they follow. */
export const BETWEEN = {
  '007-flavor-set': ['openstack flavor unset --property trait:COMPUTE_NODE fl1'],
  '041-server-create-novalidhost': [
    server('create --nic none --image cirros --flavor m1.tiny --min 3 --max 3 --wait m'),
    server('create --nic none --image cirros --flavor huge sbig'),
  ],
  '059-server-suspend': [server('resume s1b')],
  '063-server-rescue': [server('unrescue s1b')],
  '067-server-resize2': [server('resize revert s1b')],
  '069-server-migrate': [server('migrate confirm s1b')],
  '085-server-set-state': [server('set --state active s1b')],
  '075-server-shelve': [server('unshelve s1b')],
};
