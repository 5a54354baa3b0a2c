import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { workspacePath } from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openImage } from '../../src/sources/node/open-image.js';
import { memoryScratch } from '../../src/scratch/scratch.js';

const png = readFileSync(workspacePath('samples/nucls/Test/Images/test_1.png'));
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/tile.png') response.end(png);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const options = { scratch: memoryScratch };

describe('an image at an address', () => {
  it('is opened as its bytes and as a blob are', async () => {
    for (const image of [`${address}/tile.png`, new URL(`${address}/tile.png`), new Blob([png]), new Uint8Array(png)]) {
      const source = await openImage(image, options);
      expect([source.width, source.height, source.mpp]).toEqual([256, 256, null]);
    }
  });

  it('is named, with what the server answered, where it is not there', async () => {
    await expect(openImage(`${address}/none.png`, options)).rejects.toThrow(/none\.png: the server answered 404/);
  });

  it('is not waited for once the signal is aborted', async () => {
    await expect(openImage(`${address}/tile.png`, options, AbortSignal.abort())).rejects.toThrow(/cannot be fetched/);
  });
});
