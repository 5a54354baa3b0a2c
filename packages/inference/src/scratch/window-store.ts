// Outputs of windows that several blocks need: computed once, kept in scratch space until the last of them has read them.
import { branches, type BranchOutputs, type WindowNetwork } from '../network/trained-network.js';
import type { ScratchFile, ScratchSpace } from './scratch.js';

export interface WindowStore {
  has(index: number): boolean;
  /** Keeps the output of window `index`: that of number `position` in `outputs`. */
  put(index: number, outputs: BranchOutputs, position: number): Promise<void>;
  /** The output of window `index` as that of a batch of one. */
  get(index: number): Promise<BranchOutputs>;
  /** Frees the place of window `index`. */
  drop(index: number): void;
  close(): Promise<void>;
}

/** A store in `scratch` for windows of `outputPx`; its file grows with the windows that it holds at once, not with all of them. */
export function createWindowStore(
  scratch: ScratchSpace,
  { outChannels }: Pick<WindowNetwork, 'outChannels'>,
  outputPx: number,
): WindowStore {
  const parts = branches.flatMap((name) => {
    const channels = outChannels[name];
    return channels === undefined ? [] : [{ name, length: channels * outputPx ** 2 }];
  });
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const places = new Map<number, number>();
  const free: number[] = [];
  let file: Promise<ScratchFile> | undefined;
  return {
    has: (index) => places.has(index),
    async put(index, outputs, position) {
      file ??= scratch.open();
      const place = free.pop() ?? places.size;
      places.set(index, place);
      const values = new Float32Array(length);
      let at = 0;
      for (const part of parts) {
        const from = position * part.length;
        values.set(outputs[part.name]!.subarray(from, from + part.length), at);
        at += part.length;
      }
      await (await file).write(new Uint8Array(values.buffer), place * values.byteLength);
    },
    async get(index) {
      const values = new Float32Array(length);
      await (await file!).read(new Uint8Array(values.buffer), places.get(index)! * values.byteLength);
      let at = 0;
      return Object.fromEntries(parts.map((part) => [part.name, values.subarray(at, (at += part.length))]));
    },
    drop(index) {
      const place = places.get(index);
      if (place === undefined) return;
      places.delete(index);
      free.push(place);
    },
    close: async () => (await file)?.close(),
  };
}
