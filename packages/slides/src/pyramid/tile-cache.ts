// Decoded tiles that were read last. A tile that is being read is shared by those who wait for it.

/** Least recently used first. */
export class TileCache {
  readonly #tiles = new Map<string, Uint8Array>();
  readonly #pending = new Map<string, Promise<Uint8Array | null>>();
  #bytes = 0;

  constructor(readonly maxBytes: number) {}

  /** The tile of that key, from `load` where it is not here; null for a tile without pixels, which is not kept. */
  get(key: string, load: () => Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    const tile = this.#tiles.get(key);
    if (tile) {
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
      return Promise.resolve(tile);
    }
    const pending = this.#pending.get(key);
    if (pending) return pending;
    const loading = load()
      .then((loaded) => {
        if (loaded) this.#keep(key, loaded);
        return loaded;
      })
      .finally(() => this.#pending.delete(key));
    this.#pending.set(key, loading);
    return loading;
  }

  clear(): void {
    this.#tiles.clear();
    this.#bytes = 0;
  }

  #keep(key: string, tile: Uint8Array): void {
    if (tile.length > this.maxBytes) return;
    this.#tiles.set(key, tile);
    this.#bytes += tile.length;
    for (const [oldest, { length }] of this.#tiles) {
      if (this.#bytes <= this.maxBytes) return;
      this.#tiles.delete(oldest);
      this.#bytes -= length;
    }
  }
}
