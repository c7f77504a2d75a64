/** What of an image the boot needs; taken when the request came and never asked for again. */
export interface ImageMeta {
  readonly id: string | null;
  readonly name: string | null;
  readonly status: string | null;
  readonly owner: string | null;
  readonly disk_format: string | null;
  readonly container_format: string | null;
  readonly checksum: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** MiB. */
  readonly min_ram: number;
  /** GiB. */
  readonly min_disk: number;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly properties: Readonly<Record<string, string>>;
}
