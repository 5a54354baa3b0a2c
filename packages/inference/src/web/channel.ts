// Calls between a page and its worker, in both directions: each is answered by a promise.
import { HovernetError, type ErrorCode } from '@hovernet/core';

/** A page's worker, or the worker's own scope. */
export interface MessagePortLike {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** A result whose memory moves with it. */
export interface Transferred<T> {
  readonly value: T;
  readonly transfer: Transferable[];
}

/** Answers calls by name. */
export type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>;

export interface Channel {
  call<T>(method: string, args: readonly unknown[], transfer?: Transferable[]): Promise<T>;
  /** Fails every call that is not answered yet, and all later ones. */
  fail(error: Error): void;
}

type Message =
  | { readonly call: number; readonly method: string; readonly args: readonly never[] }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: PackedError };

interface PackedError {
  readonly code: ErrorCode | null;
  readonly message: string;
}

/** Marks `value` as one whose `transfer` moves. */
export function transferred<T>(value: T, transfer: Transferable[]): Transferred<T> {
  return { value, transfer };
}

/** A channel over `port`. */
export function openChannel(port: MessagePortLike, handlers: Handlers): Channel {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let nextCall = 0;
  let failure: Error | undefined;
  port.onmessage = ({ data }: MessageEvent<Message>) => {
    if ('call' in data) return void answer(data.call, data.method, data.args);
    const asker = waiting.get(data.answer);
    waiting.delete(data.answer);
    if ('error' in data) asker?.reject(unpackError(data.error));
    else asker?.resolve(data.value);
  };
  async function answer(call: number, method: string, args: readonly never[]): Promise<void> {
    try {
      const result = await handlers[method]!(...args);
      const { value, transfer } = isTransferred(result) ? result : transferred(result, []);
      port.postMessage({ answer: call, value }, transfer);
    } catch (error) {
      port.postMessage({ answer: call, error: packError(error) }, []);
    }
  }
  return {
    call<T>(method: string, args: readonly unknown[], transfer: Transferable[] = []) {
      return new Promise<T>((resolve, reject) => {
        if (failure) return reject(failure);
        const call = nextCall++;
        waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
        try {
          port.postMessage({ call, method, args }, transfer);
        } catch (error) {
          waiting.delete(call);
          reject(error as Error);
        }
      });
    },
    fail(error) {
      failure ??= error;
      for (const { reject } of waiting.values()) reject(failure);
      waiting.clear();
    },
  };
}

function isTransferred(value: unknown): value is Transferred<unknown> {
  return typeof value === 'object' && value !== null && 'transfer' in value && 'value' in value;
}

function packError(error: unknown): PackedError {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof HovernetError ? error.code : null, message };
}

function unpackError({ code, message }: PackedError): Error {
  return code === null ? new Error(message) : new HovernetError(code, message);
}
