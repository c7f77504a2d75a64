import { overLimit, tooManyUploads } from '../model/errors.js';

/** What a project may send at once, and hold in all. */
export interface UploadLimits {
  readonly maxImageBytes: number;
  readonly maxBytesPerProject: number;
  readonly maxUploadsPerProject: number;
}

interface UnderWay {
  uploads: number;
  bytes: number;
}

/** An upload's right to go on: asked for each piece of data. */
export interface UploadRoom {
  /** @throws AppError quota (413) when the image or its project would hold too much */
  take(bytes: number): void;
  end(): void;
}

/** Uploads under way, by project: their bytes count from the first one on, so that several at once can't pass the limit. */
export class Uploads {
  readonly #underWay = new Map<string | null, UnderWay>();

  /** @param stored bytes that the project's images hold already */
  constructor(
    private readonly limits: UploadLimits,
    private readonly stored: (owner: string | null) => number,
  ) {}

  /** @throws AppError quota (429) */
  begin(owner: string | null): UploadRoom {
    const { maxImageBytes, maxBytesPerProject, maxUploadsPerProject } = this.limits;
    const all = this.#underWay.get(owner) ?? { uploads: 0, bytes: 0 };
    if (all.uploads >= maxUploadsPerProject) throw tooManyUploads();
    this.#underWay.set(owner, all);
    all.uploads += 1;
    let size = 0;
    return {
      take: (bytes) => {
        size += bytes;
        all.bytes += bytes;
        if (size > maxImageBytes) throw overLimit(`Image exceeds the limit of ${maxImageBytes} bytes.`);
        if (this.stored(owner) + all.bytes > maxBytesPerProject)
          throw overLimit(`The images of a project hold at most ${maxBytesPerProject} bytes together.`);
      },
      end: () => {
        all.bytes -= size;
        all.uploads -= 1;
        if (all.uploads === 0) this.#underWay.delete(owner);
      },
    };
  }
}
