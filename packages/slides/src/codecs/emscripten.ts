// What both WebAssembly decoders have in common.

/** A decoder's object; it owns memory of its module until it is deleted. */
export interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  };
  delete(): void;
}

/** Makes a module from the bytes of its WebAssembly. */
export type ModuleFactory<T> = (options: {
  readonly wasmBinary: Uint8Array;
  readonly print: () => void;
  readonly printErr: () => void;
}) => Promise<T>;

/** Memory of WebAssembly never shrinks: a module that took more is let go. */
const largestMemory = 128 * 2 ** 20;

/** A module that is made when it is first needed, and anew after a failure, which may leave it in any state. */
export class RenewedModule<T extends { readonly HEAPU8: Uint8Array }> {
  #module: Promise<T> | undefined;

  constructor(readonly make: () => Promise<T>) {}

  /** What `use` makes of the module; throws what `use` throws. */
  async use<R>(use: (module: T) => R): Promise<R> {
    const module = await (this.#module ??= this.make());
    try {
      const result = use(module);
      if (module.HEAPU8.length > largestMemory) this.#module = undefined;
      return result;
    } catch (error) {
      this.#module = undefined;
      throw error;
    }
  }
}

export const silent = { print: () => undefined, printErr: () => undefined };
