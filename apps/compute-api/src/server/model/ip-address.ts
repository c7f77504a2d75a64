/** An IPv6 address in its shortest form, as it is stored and shown: `::babe:dc0c:1602`. */
export const canonicalIpV6 = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);
