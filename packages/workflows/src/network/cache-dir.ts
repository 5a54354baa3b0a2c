// Where this system keeps what programs can make again.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of optimised graphs, by the conventions of the operating system; HOVERNET_CACHE names another. */
export function defaultCacheDir(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { HOVERNET_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (HOVERNET_CACHE) return join(HOVERNET_CACHE, 'sessions');
  if (platform === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'hovernet', 'sessions');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'hovernet', 'sessions');
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hovernet', 'sessions');
}
