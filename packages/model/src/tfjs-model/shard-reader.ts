// Bytes that are spread over files, read one after the other.
import { FileError } from '@hovernet/core';

export class ShardReader {
  /** Of all shards. */
  readonly length: number;
  private shard = 0;
  private offset = 0;

  constructor(private readonly shards: readonly Uint8Array[]) {
    this.length = shards.reduce((sum, { length }) => sum + length, 0);
  }

  /** The next `count` bytes: a view where they are in one shard, else a copy. There must be as many. */
  read(count: number): Uint8Array {
    this.skipFinished();
    const current = this.shards[this.shard];
    if (current && current.length - this.offset >= count) {
      this.offset += count;
      return current.subarray(this.offset - count, this.offset);
    }
    const joined = new Uint8Array(count);
    for (let filled = 0; filled < count; this.skipFinished()) {
      const part = this.shards[this.shard]!.subarray(this.offset, this.offset + count - filled);
      joined.set(part, filled);
      filled += part.length;
      this.offset += part.length;
    }
    return joined;
  }

  private skipFinished(): void {
    while (this.shard < this.shards.length && this.offset === this.shards[this.shard]!.length) {
      this.shard++;
      this.offset = 0;
    }
  }
}

/**
 * The shards of `names`, in order; `source` names the file that lists them.
 * @throws FileError where one is missing.
 */
export function orderShards(
  names: readonly string[],
  shards: ReadonlyMap<string, Uint8Array>,
  source: string,
): Uint8Array[] {
  return names.map((name) => {
    const bytes = shards.get(name);
    if (!bytes) throw new FileError(source, `its shard ${name} is missing`, { missing: true });
    return bytes;
  });
}
