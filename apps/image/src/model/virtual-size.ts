/** How many bytes of the data's beginning `virtualSize` looks at. */
export const HEADER_BYTES = 32;

const QCOW2_MAGIC = 0x51_46_49_fb;
const QCOW2_SIZE_AT = 24;

/** Bytes of the disk behind the data: its own length when raw, what the header says of a qcow2; null where we can't tell. */
export function virtualSize(diskFormat: string | null, header: Buffer, size: number): number | null {
  if (diskFormat === 'raw' || diskFormat === 'iso') return size;
  if (diskFormat !== 'qcow2' || header.length < HEADER_BYTES || header.readUInt32BE(0) !== QCOW2_MAGIC) return null;
  const bytes = header.readBigUInt64BE(QCOW2_SIZE_AT);
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : null;
}
