// A time limit for synchronous code, WebAssembly included.
import { createContext, Script } from 'node:vm';

const script = new Script('action()');
/** Made once: that takes milliseconds. */
let context: { action?: () => object } | undefined;

/**
 * What `action` returns, or undefined if it takes longer than `milliseconds`: it is then stopped wherever it is, and its
 * `finally` blocks do not run.
 */
export function runWithin<T extends object>(milliseconds: number, action: () => T): T | undefined {
  context ??= createContext({});
  context.action = action;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    delete context.action;
  }
}
