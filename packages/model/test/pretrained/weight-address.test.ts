import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFileName, pretrainedCacheDir } from '../../src/pretrained/node/cache-dir.js';
import { fetchFile } from '../../src/pretrained/node/fetch-file.js';
import { readAnswer } from '../../src/pretrained/read-answer.js';
import { parseAddress } from '../../src/pretrained/weight-address.js';
import { noiseBytes } from './support/file-server.js';
import { serve, temporaryFolder } from './support/temporary-cache.js';

const parse = (address: string) => parseAddress('test', address);
const nameOf = (address: string) => cacheFileName(parse(address));

describe('an address with credentials', () => {
  const address = 'https://ann:s%C3%A9same@host.example/a/w.pt?token=t0p&id=7#part';

  it('keeps them out of what is shown, and what is secret or expires out of its identity', () => {
    expect(parse(address)).toEqual({
      url: 'https://host.example/a/w.pt?token=t0p&id=7',
      authorization: `Basic ${Buffer.from('ann:sésame').toString('base64')}`,
      shown: 'https://host.example/a/w.pt',
      identity: 'https://host.example/a/w.pt?id=7',
    });
  });

  it('is the same file when it is signed again, and another one when it asks for another', () => {
    const signed = (signature: string, id: number) =>
      nameOf(
        `https://host.example/w.pt?id=${id}&X-Amz-Date=${signature}&X-Amz-Signature=${signature}&Expires=9${signature}`,
      );
    expect(signed('1', 7)).toBe(signed('2', 7));
    expect(signed('1', 7)).not.toBe(signed('1', 8));
    expect(signed('1', 7)).toMatch(/^[0-9a-f]{32}-w\.pt$/);
  });

  it('sends them to the server, and never shows them', async () => {
    const server = await serve({ content: noiseBytes(1000), refusals: [401] });
    const cacheDir = temporaryFolder();
    const secret = server.origin.replace('//', '//ann:sesame@') + '/w.pt?token=t0p';
    const refused: unknown = await fetchFile(secret, { cacheDir }).catch((error: unknown) => error);
    expect(String(refused)).toContain(`${server.origin}/w.pt: the server answered 401; it requires credentials`);
    expect(JSON.stringify(refused) + String((refused as Error).stack)).not.toMatch(/sesame|t0p/);
    await fetchFile(secret, { cacheDir });
    const basic = `Basic ${Buffer.from('ann:sesame').toString('base64')}`;
    expect(server.requests).toMatchObject([
      { url: '/w.pt?token=t0p', authorization: basic },
      { url: '/w.pt?token=t0p', authorization: basic },
    ]);
    expect(readdirSync(cacheDir)).toEqual([cacheFileName(parse(secret))]);
  });

  it.each(['https://ann:sesame@', 'ann:sesame@host/w.pt?t0p', 's3://ann:sesame@host/w.pt?t0p'])(
    'is not shown where it is none: %s',
    (text) => {
      let message = '';
      try {
        parse(text);
      } catch (error) {
        message = String(error) + JSON.stringify(error) + String((error as Error).cause);
      }
      expect(message).toContain('expected an http or https address');
      expect(message).not.toMatch(/sesame|t0p/);
    },
  );
});

it('names files in the cache for their addresses, whatever characters those have', () => {
  expect(nameOf('https://host.example/')).toMatch(/^[0-9a-f]{32}-weights$/);
  expect(nameOf('https://host.example/a%2F..%2Fb:c.pt')).toMatch(/^[0-9a-f]{32}-a_2F.._2Fb_c\.pt$/);
  expect(nameOf(`https://host.example/${'x'.repeat(500)}.pt`).length).toBeLessThan(100);
});

it('refuses to go on without encryption where the address had it', () => {
  const response = { status: 200, url: 'http://elsewhere.example/w.pt', headers: new Headers() } as Response;
  expect(() => readAnswer(parse('https://host.example/w.pt'), response, undefined)).toThrow(
    'expected https all the way, got a redirect to http',
  );
});

it.each([
  ['linux', {}, join(homedir(), '.cache', 'hovernet', 'pretrained')],
  ['linux', { XDG_CACHE_HOME: '/x' }, '/x/hovernet/pretrained'],
  ['linux', { XDG_CACHE_HOME: '' }, join(homedir(), '.cache', 'hovernet', 'pretrained')],
  ['darwin', {}, join(homedir(), 'Library', 'Caches', 'hovernet', 'pretrained')],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/hovernet/pretrained'],
  ['linux', { HOVERNET_CACHE: '/own', XDG_CACHE_HOME: '/x' }, '/own/pretrained'],
] as const)('keeps downloads where %s with %j keeps what can be made again', (platform, environment, expected) => {
  expect(pretrainedCacheDir(environment, platform)).toBe(expected);
});

it('takes the folder from the environment that it is given', async () => {
  const server = await serve({ content: noiseBytes(1000) });
  const folder = temporaryFolder();
  const path = await fetchFile(`${server.origin}/w.pt`, { environment: { HOVERNET_CACHE: folder } });
  expect(path.startsWith(join(folder, 'pretrained'))).toBe(true);
});
