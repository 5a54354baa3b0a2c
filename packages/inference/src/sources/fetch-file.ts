// Files at addresses.
import { FileError } from '@hovernet/core';

/**
 * The answer for `address`.
 * @throws FileError where the server cannot be reached or refuses.
 */
export async function fetchFile(address: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(address, { signal: signal ?? null }).catch((cause: unknown) => {
    throw new FileError(address, `cannot be fetched (${String(cause)}); check the address`, { cause });
  });
  if (!response.ok) throw new FileError(address, `the server answered ${response.status} ${response.statusText}`);
  return response;
}
