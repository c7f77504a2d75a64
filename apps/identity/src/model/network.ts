const GROUPS = 8;
/** A customer of a provider has so much of an address to himself: 64 bits. */
const NETWORK_GROUPS = 4;
const IPV4_WITHIN = /^::ffff:(?:0:)?(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Whom an address stands for: an IPv4 address for itself, however written; an IPv6 address for its /64, of which its
 * owner may use every address. Anything else for itself.
 */
export function networkOf(address: string): string {
  const ipv4 = IPV4_WITHIN.exec(address)?.[1];
  if (ipv4 !== undefined) return ipv4;
  const [plain = ''] = address.split('%');
  if (!plain.includes(':')) return address;
  const [head = [], tail = []] = plain.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(Math.max(0, GROUPS - head.length - tail.length)).fill('0');
  const groups = [...head, ...zeros, ...tail].slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
