import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cacheDir } from '../../src/node-internal.js';

it.each([
  ['linux', {}, join(homedir(), '.cache', 'hovernet', 'sessions')],
  ['linux', { XDG_CACHE_HOME: '/x' }, '/x/hovernet/sessions'],
  ['darwin', {}, join(homedir(), 'Library', 'Caches', 'hovernet', 'sessions')],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/hovernet/sessions'],
  ['linux', { HOVERNET_CACHE: '/own', XDG_CACHE_HOME: '/x' }, '/own/sessions'],
] as const)('is where %s with %j keeps what can be made again', (platform, environment, expected) => {
  expect(cacheDir('sessions', environment, platform)).toBe(expected);
});
