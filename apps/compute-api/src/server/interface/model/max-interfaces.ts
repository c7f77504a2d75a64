/** Interfaces of one server: more than any guest has slots for. Each costs questions to the network service. */
export const MAX_INTERFACES = 64;
